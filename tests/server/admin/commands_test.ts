import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { runSignway } from "../../unit/cli/run_signway.ts";
import { acceptsNewTokens, freshToken } from "../limits/limited_server.ts";
import {
  ADMIN_TOKEN,
  type AdminGateway,
  ask,
  startAdmin,
  startEndless,
  tokenOf,
} from "./revoking_stage.ts";

const upstream = startEndless();
const { host } = upstream;
const app = CREDENTIAL.id;
let gateway: AdminGateway;

beforeAll(async () => {
  gateway = await startAdmin(upstream.url, { workers: 2 });
  await acceptsNewTokens();
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
}, 60_000);

const env = { SW_ADMIN_TOKEN: ADMIN_TOKEN };
const run = (args: string[], more: Record<string, string> = env) =>
  runSignway([...args, "--admin", gateway.admin], { env: more });

describe("signway revoke", () => {
  test.each<[string, string[], Partial<Parameters<typeof tokenOf>[0]>]>([
    ["a token", ["--token", "t 1"], { jti: "t 1" }],
    ["a subject", ["--subject", "eve"], { subject: "eve" }],
    ["all until now", ["--before", "now"], { now: new Date(Date.now() - 2_000) }],
  ])("revokes %s", async (_, args, claims) => {
    const token = await tokenOf(claims);
    const { code, stdout } = await run(["revoke", "--app", app, ...args]);
    expect([code, stdout.replace(/until \S+Z/, "until then")]).toEqual([
      0,
      "revoked, until then: 2 of 2 processes know it\n",
    ]);
    expect(await ask(gateway, host, token)).toBe("token_revoked");
  });

  test("lifts what it revoked", async () => {
    const token = await tokenOf({ jti: "lifted", now: new Date(Date.now() + 5_000) });
    const args = ["revoke", "--app", app, "--token", "lifted"];
    await run(args);
    expect(await run([...args, "--lift"])).toMatchObject({
      code: 0,
      stdout: "lifted: 2 of 2 processes know it\n",
    });
    expect(await ask(gateway, host, token)).toBe("200");
  });

  test.each<[string, string[], Record<string, string>, RegExp]>([
    ["for an app that is unknown", ["--app", "other", "--token", "t"], env, /app_unknown/],
    [
      "with a wrong token",
      ["--app", app, "--token", "t"],
      { SW_ADMIN_TOKEN: "wrong" },
      /token_wrong/,
    ],
  ])("ends with 1 %s", async (_, args, more, text) => {
    const { code, stderr } = await run(["revoke", ...args], more);
    expect([code, text.test(stderr)]).toEqual([1, true]);
  });

  test("ends with 1 at the address where the gateway takes requests", async () => {
    const args = ["revoke", "--app", app, "--token", "t", "--admin", gateway.url];
    const { origin } = new URL(gateway.url);
    expect(await runSignway(args, { env })).toMatchObject({
      code: 1,
      stderr: `signway: ${origin} is where the gateway takes requests: name its address of --admin\n`,
    });
  });

  test.each<[string, string[], Record<string, string>]>([
    ["without SW_ADMIN_TOKEN", ["--app", app, "--token", "t"], {}],
    ["without an app", ["--token", "t"], env],
    ["without what to revoke", ["--app", app], env],
    ["with two of them", ["--app", app, "--token", "t", "--subject", "s"], env],
    ["with a time that is none", ["--app", app, "--before", "yesterday"], env],
    ["with an argument", [app], env],
  ])("ends with 2 %s", async (_, args, more) => {
    const { code, stderr } = await run(["revoke", ...args], more);
    expect([code, stderr.includes(ADMIN_TOKEN)]).toEqual([2, false]);
  });
});

describe("signway ledger --admin", () => {
  test("shows what a token used at a running gateway", async () => {
    const token = await freshToken({
      jti: "counted",
      uses: 5,
      now: new Date((Math.floor(Date.now() / 1000) + 2) * 1000),
    });
    expect(await ask(gateway, host, token)).toBe("200");
    const { code, stdout } = await run(["ledger", "--app", app, "--token", "counted"]);
    expect([code, stdout]).toEqual([0, "uses: 1 used, 0 reserved\n"]);
  });

  test("says where else something may be counted, for an app without a counter", async () => {
    expect(await run(["ledger", "--app", app])).toMatchObject({
      code: 0,
      stdout:
        "Nothing is counted for the whole app. For an end user or a token, add --subject or --token.\n",
    });
  });

  test("does not reset", async () => {
    expect((await run(["ledger", "--app", app, "--reset"])).code).toBe(2);
  });
});
