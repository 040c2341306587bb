import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createAuthority } from "../../support/certificates.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { runSignway } from "../../support/run_signway.ts";
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

  test("says so when there is nothing to lift", async () => {
    const { code, stdout, stderr } = await run([
      "revoke",
      "--app",
      app,
      "--subject",
      "nobody",
      "--lift",
    ]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("the gateway knew of no such revocation: check --app, --token, ");
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
    ["with a time in another form", ["--app", app, "--before", "2026-12-01 12:00"], env],
    ["with a number for a time", ["--app", app, "--before", "1"], env],
    ["with a query in the URL", ["--app", app, "--token", "t", "--admin", "http://a/?b"], env],
    ["with an argument", [app], env],
  ])("ends with 2 %s", async (_, args, more) => {
    const { code, stderr } = await run(["revoke", ...args], more);
    expect([code, stderr.includes(ADMIN_TOKEN)]).toEqual([2, false]);
  });
});

describe("at an address that is no gateway's", () => {
  const COMMANDS = [["revoke", "--token", "t"], ["ledger"]].map((args) => [...args, "--app", app]);
  const answers = {
    "a page": "<html></html>",
    nothing: "",
    null: "null",
    "a list": "[]",
    "another table": '{"scopes":null,"processes":{},"kept_until":5}',
    "text that a terminal acts on":
      '{"scopes":[{"counters":[{"name":5}]}],"processes":{"known":1,"reached":1},"kept_until":"\\u001b[31m"}',
  };
  test.each(Object.entries(answers))("%s is told from an answer", async (_, answer) => {
    const server = Bun.serve({ port: 0, fetch: () => new Response(answer) });
    const { origin } = server.url;
    for (const args of COMMANDS) {
      expect(await runSignway([...args, "--admin", origin], { env })).toEqual({
        code: 1,
        stdout: "",
        stderr: `signway: ${origin} does not answer as the admin API of a gateway\n`,
      });
    }
    await server.stop(true);
  });

  test("an answer that never ends is not read to the end", async () => {
    const pull = (controller: ReadableStreamDefaultController) =>
      controller.enqueue(new Uint8Array(65_536).fill(0x20));
    const server = Bun.serve({ port: 0, fetch: () => new Response(new ReadableStream({ pull })) });
    const { origin } = server.url;
    for (const args of COMMANDS) {
      expect(await runSignway([...args, "--admin", origin], { env })).toEqual({
        code: 1,
        stdout: "",
        stderr: `signway: ${origin} answers with more than 8 MiB, which is no answer of an admin API\n`,
      });
    }
    await server.stop(true);
  });

  test("no token is sent to a server without a trusted certificate, whatever the environment says", async () => {
    await using authority = await createAuthority();
    const { certFile, keyFile } = await authority.issue({ names: "IP:127.0.0.1" });
    const tls = { cert: Bun.file(certFile), key: Bun.file(keyFile) };
    let requests = 0;
    const server = Bun.serve({ port: 0, tls, fetch: () => (requests++, new Response()) });
    const admin = `https://127.0.0.1:${server.port}`;
    for (const args of COMMANDS) {
      const unsafe = { ...env, NODE_TLS_REJECT_UNAUTHORIZED: "0" };
      expect((await runSignway([...args, "--admin", admin], { env: unsafe })).code).toBe(1);
    }
    expect(requests).toBe(0);
    await server.stop(true);
  });

  test("no token is printed, whatever the environment says", async () => {
    const server = Bun.serve({ port: 0, fetch: () => new Response() });
    for (const args of COMMANDS) {
      const verbose = { ...env, BUN_CONFIG_VERBOSE_FETCH: "curl" };
      const { stdout, stderr } = await runSignway([...args, "--admin", server.url.origin], {
        env: verbose,
      });
      expect(`${stdout}${stderr}`).not.toMatch(/Bearer|curl/);
    }
    await server.stop(true);
  });

  test("a refusal is printed without what a terminal acts on", async () => {
    const answer = { code: "x\u001b[31m", detail: "\u202e" };
    const server = Bun.serve({ port: 0, fetch: () => Response.json(answer, { status: 400 }) });
    for (const args of COMMANDS) {
      expect(await runSignway([...args, "--admin", server.url.origin], { env })).toMatchObject({
        code: 1,
        stderr: "signway: the gateway refuses (x\\u{1b}[31m): \\u{202e}\n",
      });
    }
    await server.stop(true);
  });
});

describe("signway ledger --admin", () => {
  test("prints no name that a terminal acts on", async () => {
    const scopes = [{ counters: [{ name: "\u001b[31m", used: 1, reserved: 2 }] }];
    const server = Bun.serve({ port: 0, fetch: () => Response.json({ scopes }) });
    const args = ["ledger", "--app", app, "--admin", server.url.origin];
    expect(await runSignway(args, { env })).toMatchObject({
      code: 0,
      stdout: "\\u{1b}[31m: 1 used, 2 reserved\n",
    });
    await server.stop(true);
  });

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
