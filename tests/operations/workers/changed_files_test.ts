import { describe, expect, test } from "bun:test";
import { appWith, type Reloading, SECRETS, startReloading } from "../../server/reload/reloading.ts";
import { createAuthority } from "../../support/certificates.ts";
import { childrenOf } from "../../support/processes.ts";
import { waitFor } from "../../support/wait_for.ts";
import { waitUntil } from "../../support/wait_until.ts";

const countOf = ({ gateway }: Reloading, text: string): number =>
  gateway.lines().filter(({ msg }) => msg === text).length;

/** Two workers that reload when their file changes, or on a signal alone. */
async function startTwo(args: readonly string[] = []): Promise<Reloading> {
  const it = await startReloading({
    files: (url) => ({ "main.json": appWith(SECRETS.old, url) }),
    args: ["--workers", "2", ...args],
  });
  await waitFor("both workers", () => countOf(it, "listening") === 2);
  return it;
}

/** Writes the file, and waits until both workers have tried to load it. */
async function change(it: Reloading, content: object | string, outcome: string): Promise<void> {
  const before = countOf(it, outcome);
  await it.write("main.json", content);
  await waitFor(outcome, () => countOf(it, outcome) === before + 2);
}

/** Kills one worker, and waits until its successor serves. */
async function replaceOne(it: Reloading): Promise<void> {
  const before = countOf(it, "listening");
  const [worker] = await childrenOf(it.gateway.pid);
  process.kill(worker!, "SIGKILL");
  await waitFor("its successor", () => countOf(it, "listening") === before + 1);
}

/** The statuses of so many requests on connections of their own, so that both workers answer. */
async function statuses(it: Reloading, secret: string): Promise<number[]> {
  const all = new Set<number>();
  for (let i = 0; i < 30; i += 1) all.add(await it.status(secret).catch(() => 0));
  return [...all];
}

describe("the successor of a worker", () => {
  test.each([
    ["a new ledger", { ledger: "redis://127.0.0.1:1" }],
    ["a token for the admin API", { admin_token: "a-token-of-an-operator-of-32-bytes" }],
  ])("serves as the others do, although the file has %s", async (_, more) => {
    await using it = await startTwo();
    const admin = "admin_token" in more ? { admin: "127.0.0.1:0" } : {};
    const content = appWith(SECRETS.new, it.upstream.url, { ...admin, ...more });
    await change(it, content, "configuration loaded");
    expect(countOf(it, "a restart is needed")).toBe(2);
    await replaceOne(it);
    expect(await statuses(it, SECRETS.new)).toEqual([200]);
    expect(await statuses(it, SECRETS.old)).toEqual([400]);
    expect(countOf(it, "worker died")).toBe(1);
  });

  test("serves without TLS, as the others do, although the file has a certificate", async () => {
    await using it = await startTwo();
    await using authority = await createAuthority();
    const { certFile, keyFile } = await authority.issue();
    const tls = { tls_cert: certFile, tls_key: keyFile };
    await change(it, appWith(SECRETS.new, it.upstream.url, tls), "configuration loaded");
    await replaceOne(it);
    expect(await statuses(it, SECRETS.new)).toEqual([200]);
  });

  test("has the settings that were in force, while the file has a mistake", async () => {
    await using it = await startTwo();
    await change(it, appWith(SECRETS.new, it.upstream.url), "configuration loaded");
    await change(it, "{", "configuration ignored");
    await replaceOne(it);
    expect(await statuses(it, SECRETS.new)).toEqual([200]);
    expect(await statuses(it, SECRETS.old)).toEqual([400]);
    const loaded = countOf(it, "configuration loaded");
    await it.write("main.json", appWith(SECRETS.old, it.upstream.url));
    await waitFor("the next load", () => countOf(it, "configuration loaded") === loaded + 2);
    expect(await statuses(it, SECRETS.old)).toEqual([200]);
    expect(countOf(it, "worker died")).toBe(1);
  });

  test("has the settings of the others, while they have not been told of a change", async () => {
    await using it = await startTwo(["--no-watch"]);
    await it.write("main.json", appWith(SECRETS.new, it.upstream.url));
    await replaceOne(it);
    expect(await statuses(it, SECRETS.old)).toEqual([200]);
    const loaded = countOf(it, "configuration loaded");
    it.gateway.kill("SIGHUP");
    await waitFor("the next load", () => countOf(it, "configuration loaded") === loaded + 2);
    expect(await statuses(it, SECRETS.new)).toEqual([200]);
  });

  test("loads what a signal asked for while it was not running", async () => {
    await using it = await startTwo(["--no-watch"]);
    await it.write("main.json", appWith(SECRETS.new, it.upstream.url));
    const listening = countOf(it, "listening");
    for (const worker of await childrenOf(it.gateway.pid)) process.kill(worker, "SIGKILL");
    await waitFor("both deaths", () => countOf(it, "worker died") === 2);
    it.gateway.kill("SIGHUP");
    await waitFor("both successors", () => countOf(it, "listening") === listening + 2);
    await waitFor("both loads", () => countOf(it, "configuration loaded") === 2);
    expect(await statuses(it, SECRETS.new)).toEqual([200]);
  });
});

test("the supervisor logs at the level of the last reload", async () => {
  await using it = await startTwo();
  const reload = async (secret: string, level: string) => {
    await it.write("main.json", appWith(secret, it.upstream.url, { log_level: level }));
    await waitUntil("both loads", async () => (await statuses(it, secret)).join() === "200");
  };
  const replace = async () => {
    const before = await childrenOf(it.gateway.pid);
    process.kill(before[0]!, "SIGKILL");
    const isReplaced = async () => {
      const now = await childrenOf(it.gateway.pid);
      return now.length === 2 && !now.includes(before[0]!);
    };
    await waitUntil("its successor", isReplaced);
  };
  await reload(SECRETS.new, "silent");
  await replace();
  expect(countOf(it, "worker died")).toBe(0);
  await reload(SECRETS.old, "error");
  await replace();
  await waitFor("the line of a death", () => countOf(it, "worker died") === 1);
});
