import { afterAll, beforeAll, expect, test } from "bun:test";
import { builtDist } from "../../support/dist.ts";
import { type EventFeed, startEventFeed } from "../../support/event_feed.ts";
import { spellings } from "../../support/leaks.ts";
import { bootSystemd, describeOnMachine, type Machine } from "../../support/machine.ts";
import { readmeLines } from "../../support/readme.ts";
import { signedTarget } from "../../support/signed.ts";
import { requirement } from "../../support/requirement.ts";
import { ROOT } from "../../support/root.ts";
import { waitUntil } from "../../support/wait_until.ts";

const CONFIG = "/etc/signway/signway.toml";
const SECRET = "a-secret-of-32-bytes-or-so-long.";
const KEY = "sk-canary-of-the-service";
const LEDGER = "/var/lib/signway/ledger.db";
const lines = readmeLines("sh", "systemctl enable");

const bus = await requirement("the Debian package dbus", async () => {
  if (!Bun.which("dbus-daemon")) throw new Error("dbus-daemon is missing");
  return await Promise.resolve();
});

await builtDist();

test("the README installs the service in five lines or fewer", () => {
  expect(lines.length).toBeLessThanOrEqual(5);
});

await describeOnMachine("the service under a running systemd", [], () => {
  let machine: Machine;
  let api: ReturnType<typeof Bun.serve>;
  let feed: EventFeed;
  let url: string;

  beforeAll(async () => {
    api = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: ({ headers }) => new Response(headers.get("authorization")),
    });
    feed = await startEventFeed();
    machine = await bootSystemd();
  });
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]();
    await feed?.stop();
    await api?.stop(true);
  });

  const show = async (property: string): Promise<string> =>
    await machine.output(`systemctl show --value --property ${property} signway`);
  const waitForProperty = (property: string, value: string): Promise<void> =>
    waitUntil(`${property}=${value}`, async () => (await show(property)) === value);
  const write = (file: string, text: string) => machine.output(`cat >${file}`, text);
  const ask = (target: string): Promise<Response> =>
    fetch(url + signedTarget(url, target, { id: "web", secret: SECRET }));
  /** Where it listens, which it tells systemd together with its readiness. */
  const findUrl = async (): Promise<string> =>
    /^listening on (http:\S+)$/.exec(await show("StatusText"))![1]!;

  test("is installed and started by the README's lines", async () => {
    const [install = "", secrets = "", start = ""] = lines;
    await machine.output(install);
    const config = (await machine.output(`cat ${CONFIG}`))
      .replace("0.0.0.0:3000", "127.0.0.1:0")
      .replace("127.0.0.1:13090", "127.0.0.1:0")
      .replace("https://api.openai.com/v1/", api.url.href);
    await write(CONFIG, `watch = false\nledger = "sqlite:${LEDGER}"\n${config}\n`);
    await write("sw_secret", `${SECRET}\n`);
    await write("openai_api_key", `${KEY}\n`);
    await machine.output(secrets);
    // `Type=notify`: this command ends when the service has said that it is ready.
    await machine.output(start);
    expect(await show("ActiveState")).toBe("active");
    url = await findUrl();
    const response = await ask(api.url.href);
    expect([response.status, await response.text()]).toEqual([200, `Bearer ${KEY}`]);
    expect(await show("UnitFileState")).toBe("enabled");
  });

  test("runs in the unit's sandbox", async () => {
    const status = await machine.output(`cat /proc/${await show("MainPID")}/status`);
    expect(status).not.toMatch(/^[UG]id:.*\t0\b/m);
    expect(status).toMatch(/^CapEff:\s0{16}$/m);
    expect(status).toMatch(/^CapBnd:\s0{16}$/m);
    expect(status).toMatch(/^NoNewPrivs:\s1$/m);
    expect(status).toMatch(/^Seccomp:\s2$/m);
    const mounts = await machine.output(`cat /proc/${await show("MainPID")}/mounts`);
    expect(mounts).toMatch(/ \/ tmpfs ro,/);
    expect(mounts).toMatch(/ \/run\/credentials\/signway.service \S+ ro,/);
    expect(mounts).toMatch(/ \/proc proc \S*hidepid=invisible/);
  });

  test("keeps the file of its ledger in a folder that no other user enters", async () => {
    expect(await machine.output(`stat --format %a ${LEDGER}`)).toBe("600");
    expect(await machine.output("stat --dereference --format %a /var/lib/signway")).toBe("700");
    const args = `--ledger sqlite:${LEDGER} --app web`;
    const { code, stderr } = await machine.run(`signway ledger ${args}`);
    expect([code, stderr]).toEqual([1, expect.stringContaining("another process uses it")]);
  });

  test("takes a changed configuration at a reload, and ignores a mistaken one", async () => {
    const before = await machine.output(`cat ${CONFIG}`);
    const refused = await ask(feed.url);
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      { code: "target_not_allowed" },
    ]);
    const changed = `${before}\n[[app.upstream]]\nurl = "${feed.url}"\n`;
    await write(CONFIG, changed);
    await machine.output("systemctl reload signway");
    await waitForProperty("StatusText", "configuration loaded");
    const response = await ask(feed.url);
    expect(response.status).toBe(200);
    await response.body?.cancel();

    await write(CONFIG, `mistake = true\n${changed}`);
    await machine.output("systemctl reload signway");
    await waitForProperty("StatusText", "configuration ignored: see the log");
    expect((await ask(api.url.href)).status).toBe(200);
    await write(CONFIG, changed);
  });

  test("is started again when it was killed", async () => {
    const before = await show("MainPID");
    await machine.output(`kill -s KILL ${before}`);
    await waitForProperty("NRestarts", "1");
    await waitForProperty("ActiveState", "active");
    expect(await show("MainPID")).not.toBe(before);
    url = await findUrl();
    expect((await ask(api.url.href)).status).toBe(200);
  });

  test("lets a stream end when it is stopped, and ends with 0", async () => {
    const response = await ask(feed.url);
    const stopped = machine.output("systemctl stop signway");
    await waitForProperty("ActiveState", "deactivating");
    await waitForProperty("StatusText", "stopping: running exchanges may continue for 30 s");
    feed.publish("late");
    feed.finish();
    const text = await response.text();
    expect(text.replace(/^:\n/gm, "")).toBe("data: hello\n\ndata: late\n\n");
    await stopped;
    expect(await show("ActiveState")).toBe("inactive");
    expect([await show("Result"), await show("ExecMainStatus")]).toEqual(["success", "0"]);
    // Root may read it now, and it outlives the service's user.
    const counted = await machine.output(`signway ledger --ledger sqlite:${LEDGER} --app web`);
    expect(counted).toStartWith("Nothing is counted");
    await machine.output("systemctl start signway");
    await machine.output("systemctl stop signway");
  });

  test.skipIf("reason" in bus)(
    "is checked with its credentials by the command that signway.toml names",
    async () => {
      const text = await Bun.file(`${ROOT}/deploy/signway.toml`).text();
      const command = /^# +(systemd-run .*\\\n)#( .*)$/m.exec(text)!.slice(1).join("");
      await machine.output("systemctl start dbus");
      expect(await machine.output(command)).toContain(`any method ${api.url.href}, with Auth`);
      await write(CONFIG, "mistake = true\n");
      const { code, stderr } = await machine.run(command);
      expect([code, stderr]).toEqual([2, expect.stringContaining("mistake")]);
    },
  );

  test("is not tried again with a mistake in its configuration", async () => {
    await write(CONFIG, "mistake = true\n");
    const { code } = await machine.run("systemctl start signway");
    expect([code, await show("SubState"), await show("ExecMainStatus")]).toEqual([
      1,
      "failed",
      "2",
    ]);
    expect(await machine.output("journalctl --unit signway --output cat")).toContain("mistake");
  });

  test("has written no secret into the journal", async () => {
    const journal = await machine.output("journalctl --output cat");
    expect(journal).toContain('"msg":"stopped"');
    const told = [...spellings(SECRET), ...spellings(KEY), "X-Sw-Signature"];
    expect(told.filter((text) => journal.includes(text))).toEqual([]);
  });
});
