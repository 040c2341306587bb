import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { folderWith } from "../../support/folder.ts";
import { runSignway } from "../../support/run_signway.ts";
import {
  ask,
  configFor,
  freshToken,
  startCounting,
  startCountingGateway,
} from "./limited_server.ts";

const upstream = startCounting();
const folder = await folderWith();
const path = folder.path("ledger.db");
const location = `sqlite:${path}`;
const limits = { uses: 100, rate: "100/h burst 100" };
const config = (ledger: string) => {
  const { app = [] } = configFor(upstream);
  return { ledger, app: app.map((it) => ({ ...it, limits })) };
};
afterAll(async () => {
  upstream[Symbol.dispose]();
  await folder[Symbol.asyncDispose]();
});

const ledger = (...args: string[]) =>
  runSignway(["ledger", "--ledger", location, "--app", CREDENTIAL.id, ...args]);

describe("the file of a ledger", () => {
  test("belongs to one gateway, and is shown and reset when it is stopped", async () => {
    await using gateway = await startCountingGateway(config(location));
    const token = await freshToken({ uses: 5, jti: "a/b", subject: "ada" });
    for (let i = 0; i < 3; i++) await ask(gateway, token, upstream);

    const inUse = { code: 1, stdout: "" };
    const second = await runSignway(["--config", "a.json"], {
      files: { "a.json": JSON.stringify(config(location)) },
    });
    expect(second).toMatchObject({ code: 1 });
    expect(second.stderr).toStartWith(`signway: the ledger ${path}: another process uses it`);
    const running = await ledger();
    expect(running).toMatchObject(inUse);
    expect(running.stderr).toMatch(
      /another process uses it .*: name it by --admin URL, or stop it first\n$/,
    );

    const warned = await gateway.reconfigure({ ...config("memory") });
    expect(warned).toMatchObject({ msg: "configuration loaded" });
    expect(gateway.lines().find(({ msg }) => msg === "a restart is needed")).toMatchObject({
      settings: ["ledger"],
    });
    expect((await ask(gateway, token, upstream)).result).toBe("200");
    expect(await gateway.stop()).toBe(0);

    const shown = await ledger("--token", "a/b");
    expect(shown).toMatchObject({ code: 0, stdout: "uses: 4 used, 0 reserved\n", stderr: "" });
    const ofApp = await ledger();
    expect(ofApp.stdout).toMatch(
      /^rate 100\/h burst 100: the whole burst is there from \d{4}-.*Z on\nuses: 4 used, 0 reserved\n$/,
    );
    expect(await ledger("--subject", "ada")).toMatchObject({ stdout: "Nothing is counted.\n" });
    expect(await ledger("--token", "a/b", "--reset")).toMatchObject({
      code: 0,
      stdout: "Nothing is counted.\n",
    });
    expect((await ledger()).stdout).toContain("uses: 4 used");

    await using again = await startCountingGateway(config(location));
    expect((await ask(again, token, upstream)).headers.get("ratelimit")).toBe('"uses";r=4');
    await again.stop();
  });

  test("has to be there, and one", async () => {
    const missing = await runSignway(["ledger", "--ledger", "sqlite:no.db", "--app", "web"]);
    expect(missing).toMatchObject({
      code: 1,
      stdout: "",
      stderr: "signway: there is no file no.db\n",
    });
    const args = ["ledger", "--ledger", "sqlite:a.txt", "--app", "web"];
    const foreign = await runSignway(args, { files: { "a.txt": "no database, but a long text" } });
    expect(foreign).toMatchObject({ code: 1, stdout: "" });
    expect(foreign.stderr).toStartWith("signway: the ledger a.txt: ");
  });

  test("that cannot be used stops the start", async () => {
    const run = await runSignway(["web", "a secret of 16 bytes", "--ledger", "sqlite:no/a.db"], {
      env: { PORT: "0" },
    });
    expect(run).toMatchObject({ code: 1 });
    expect(run.stderr).toBe(
      "signway: the ledger no/a.db: its folder does not exist; create it for the gateway's user, or give another path (ENOENT)\n",
    );
  });
});

describe("signway ledger refuses", () => {
  const LEDGER = ["--ledger", "sqlite:a.db"];
  test.each<[args: string[], mistake: string]>([
    [["--app", "web"], "--ledger is missing: name the gateway's ledger"],
    [LEDGER, "--app is missing: name the app"],
    [["--ledger", "memory", "--app", "web"], "--ledger is the memory of the gateway: name"],
    [["--ledger", "redis://:canary@a,b", "--app", "web"], "--ledger has several hosts"],
    [
      ["--ledger", "redis://${NOWHERE}", "--app", "web"],
      "--ledger: the environment variable NOWHERE",
    ],
    [["--ledger", "a.db", "--app", "web"], "--ledger must be memory, sqlite:"],
    [
      [...LEDGER, "--app", "web", "--subject", "a", "--token", "b"],
      "--subject and --token exclude each other",
    ],
    [[...LEDGER, "--app", "web", "--issuer", "a"], "--issuer needs --token"],
    [[...LEDGER, "--app", "web", "canary"], "ledger takes options only"],
  ])("%j", async (args, mistake) => {
    const run = await runSignway(["ledger", ...args]);
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr).toStartWith(`signway: ${mistake}`);
    expect(run.stderr).not.toContain("canary");
  });
});
