import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { CREDENTIAL, type LogLine, startGateway } from "../../support/gateway.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { appWith, SECRETS, startReloading } from "./reloading.ts";

setDefaultTimeout(30_000);

// Twice the interval at which files are looked at, and more.
const LONG_ENOUGH_MS = 1500;

describe("SIGHUP loads the configuration again:", () => {
  test("new secrets hold, old ones do not, and the log names what changed", async () => {
    await using it = await startReloading({
      files: (url) => ({ "main.json": appWith(SECRETS.old, url) }),
      args: ["--no-watch"],
    });
    expect([await it.status(SECRETS.old), await it.status(SECRETS.new)]).toEqual([200, 400]);
    await it.write("main.json", appWith(SECRETS.new, it.upstream.url));
    it.gateway.kill("SIGHUP");
    expect(await it.reloads(1)).toMatchObject({
      level: "info",
      msg: "configuration loaded",
      changed: [`app ${CREDENTIAL.id} changed`],
    });
    expect([await it.status(SECRETS.old), await it.status(SECRETS.new)]).toEqual([400, 200]);
    expect(it.gateway.stdout() + it.gateway.stderr()).not.toContain("canary");
  });

  test("a change back", async () => {
    await using it = await startReloading({
      files: (url) => ({ "main.json": appWith(SECRETS.old, url) }),
      args: ["--no-watch"],
    });
    for (const [i, secret] of [SECRETS.new, SECRETS.old, SECRETS.new].entries()) {
      await it.write("main.json", appWith(secret, it.upstream.url));
      it.gateway.kill("SIGHUP");
      await it.reloads(i + 1);
      expect(await it.status(secret)).toBe(200);
    }
  });

  test("apps, routes, limits, CORS and the log's level", async () => {
    await using it = await startReloading({
      files: (url) => ({ "main.json": appWith(SECRETS.old, url) }),
      args: ["--no-watch"],
    });
    const { url } = it.upstream;
    const route = { path: "/open/", upstream: url, signature: "none" };
    const [app] = (appWith(SECRETS.new, url) as { app: object[] }).app;
    const shape = { cors: { allow_origins: ["https://a.example"] }, max_expires: 60, drain: 1 };
    await it.write("main.json", {
      ...shape,
      log_level: "warn",
      app: [{ ...app, id: "new" }],
      route: [route],
    });
    it.gateway.kill("SIGHUP");
    // The line that would tell of it is under the new level.
    await waitUntil("the new app", async () => (await it.status(SECRETS.new, "new")) === 400);
    expect(it.gateway.records().length).toBeLessThan(100);
    const sign = { id: "new", secret: SECRETS.new, expires: 60 };
    const headers = ["Origin: https://a.example"];
    const response = await signedExchange(it.gateway, `${url}/`, { sign, headers });
    expect(response.status).toBe(200);
    expect(response.all("access-control-allow-origin")).toEqual(["https://a.example"]);
    expect((await fetch(`${it.gateway.url}/open/`)).status).toBe(200);
    expect(await it.status(SECRETS.old)).toBe(400);
    expect(it.gateway.records().filter(({ level }) => level === "info")).toEqual([]);
  });

  test("a secret that is too short, with a warning", async () => {
    await using it = await startReloading({
      files: (url) => ({ "main.json": appWith(SECRETS.old, url) }),
      args: ["--no-watch"],
    });
    const short = SECRETS.old.slice(0, 13);
    await it.write("main.json", appWith(short, it.upstream.url));
    it.gateway.kill("SIGHUP");
    await it.reloads(1);
    const isWarning = ({ level, msg }: LogLine) => level === "warn" && msg !== "request";
    expect(it.gateway.lines().filter(isWarning)).toMatchObject([
      { code: "secret_short", msg: expect.stringContaining(CREDENTIAL.id) },
      {
        code: "secret_too_short_for_tokens",
        msg: expect.stringContaining("can sign URLs but no tokens"),
      },
    ]);
    expect(it.gateway.stdout()).not.toContain(short);
  });

  test("nothing that has changed", async () => {
    await using it = await startReloading({
      files: (url) => ({ "main.json": appWith(SECRETS.new, url) }),
    });
    it.gateway.kill("SIGHUP");
    expect(await it.reloads(1)).toMatchObject({ msg: "configuration loaded", changed: [] });
    expect(await it.status(SECRETS.new)).toBe(200);
  });

  test("a flag goes on to win over the file", async () => {
    await using it = await startReloading({
      files: (url) => ({ "main.json": appWith(SECRETS.new, url, { max_expires: 400 }) }),
      args: ["--max-expires", "500"],
    });
    expect(await it.status(SECRETS.new)).toBe(200);
    await it.write("main.json", appWith(SECRETS.new, it.upstream.url, { max_expires: 10 }));
    it.gateway.kill("SIGHUP");
    expect(await it.reloads(1)).toMatchObject({ changed: [] });
    expect(await it.status(SECRETS.new)).toBe(200);
  });

  test("a command line without a file has nothing to load, and goes on", async () => {
    await using gateway = await startGateway();
    gateway.kill("SIGHUP");
    const find = () => gateway.lines().find(({ msg }) => msg === "configuration loaded");
    expect(await waitFor("the reload", find)).toMatchObject({ changed: [] });
    expect((await fetch(gateway.url)).status).toBe(400);
  });
});

test("SIGHUP reaches every worker", async () => {
  await using it = await startReloading({
    files: (url) => ({ "main.json": appWith(SECRETS.old, url) }),
    args: ["--workers", "2", "--no-watch"],
  });
  const lines = (msg: string) => it.gateway.lines().filter((line) => line.msg === msg);
  await waitFor("both workers", () => lines("listening").length === 2);
  expect(await it.status(SECRETS.old)).toBe(200);
  await it.write("main.json", appWith(SECRETS.new, it.upstream.url));
  it.gateway.kill("SIGHUP");
  await waitFor("both reloads", () => lines("configuration loaded").length === 2);
  expect(new Set(lines("configuration loaded").map(({ worker }) => worker)).size).toBe(2);
  // Whichever of them takes the connection.
  for (let i = 0; i < 20; i++) expect(await it.status(SECRETS.old)).toBe(400);
  for (let i = 0; i < 20; i++) expect(await it.status(SECRETS.new)).toBe(200);
});

describe("a change of the file waits for SIGHUP with", () => {
  test.each([
    ["--no-watch", ["--no-watch"], {}],
    ["watch = false", [], { watch: false }],
  ])("%s", async (_, args, more) => {
    await using it = await startReloading({
      files: (url) => ({ "main.json": appWith(SECRETS.old, url, more) }),
      args,
    });
    await it.write("main.json", appWith(SECRETS.new, it.upstream.url, more));
    await Bun.sleep(LONG_ENOUGH_MS);
    expect(it.gateway.stdout()).not.toContain("configuration");
    expect(await it.status(SECRETS.old)).toBe(200);
    it.gateway.kill("SIGHUP");
    await it.reloads(1);
    expect(await it.status(SECRETS.new)).toBe(200);
  });
});

test("watching can be switched on and off by the file", async () => {
  await using it = await startReloading({
    files: (url) => ({ "main.json": appWith(SECRETS.old, url, { watch: false }) }),
  });
  await it.write("main.json", appWith(SECRETS.old, it.upstream.url, { watch: true }));
  it.gateway.kill("SIGHUP");
  expect(await it.reloads(1)).toMatchObject({ changed: ["watch"] });
  await it.write("main.json", appWith(SECRETS.new, it.upstream.url, { watch: false }));
  expect(await it.reloads(2)).toMatchObject({ changed: ["watch", expect.any(String)] });
  await it.write("main.json", appWith(SECRETS.old, it.upstream.url, { watch: false }));
  await Bun.sleep(LONG_ENOUGH_MS);
  expect(await it.status(SECRETS.new)).toBe(200);
});
