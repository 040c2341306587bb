import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { REMEDIES } from "../../../lib/cli/support/doctor/findings.ts";
import { startDnsServer } from "../../support/dns_server.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { type Authority, createAuthority } from "../../support/certificates.ts";
import { freePort } from "../../support/free_port.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { requirement } from "../../support/requirement.ts";
import { folderWith } from "../../support/folder.ts";
import { complaints, runSignway } from "../../support/run_signway.ts";

const upstream = await startUpstream(() => [respond("{}")]);
const gateway = await startConfigured({
  public_path: "/",
  app: [
    {
      id: CREDENTIAL.id,
      secrets: [CREDENTIAL.secret],
      limits: { subject: { rate: "100/min" } },
      upstream: [{ url: `${upstream.url}/` }, { url: "http://127.0.0.1:9/" }],
    },
  ],
});
const openssl = await requirement("openssl", async () => {
  if (!Bun.which("openssl")) throw new Error("openssl is not in PATH");
  return await Promise.resolve(true);
});
let authority: Authority;
beforeAll(async () => {
  if (!("reason" in openssl)) authority = await createAuthority();
});
afterAll(async () => {
  await gateway.stop();
  await upstream[Symbol.asyncDispose]();
  await authority?.[Symbol.asyncDispose]();
});

const ENV = { SW_ID: CREDENTIAL.id, SW_SECRET: CREDENTIAL.secret };
const QUICK = ["--silence", "5"];

interface Report {
  findings: { code: string; measured: string }[];
  checks: { check: string; state: string; measured: string }[];
}

async function examine(args: string[], env: Record<string, string> = ENV) {
  const { code, stdout, stderr } = await runSignway(["doctor", ...args, "--json"], { env });
  expect(stdout + stderr).not.toContain(CREDENTIAL.secret);
  const { findings, checks } = JSON.parse(stdout) as Report;
  return { code, findings, checks, codes: findings.map((finding) => finding.code) };
}

describe("signway doctor finds", () => {
  test("a name that does not resolve", async () => {
    const { codes, code, checks } = await examine(["https://signway.invalid/"]);
    expect([codes, code]).toEqual([["dns_unresolved"], 1]);
    expect(checks.slice(1).every(({ state }) => state === "skipped")).toBe(true);
  });

  test("a port that nothing listens on", async () => {
    const { codes, findings } = await examine([`http://127.0.0.1:${await freePort()}`]);
    expect(codes).toEqual(["connection_failed"]);
    expect(findings[0]!.measured).toContain("ECONNREFUSED");
  });

  test("http for a name that is not this machine's", async () => {
    await using dns = await startDnsServer("127.0.0.1");
    const url = `http://gateway.example.com:${gateway.port}`;
    const { codes } = await examine([url, "--resolver", dns.address, ...QUICK], {});
    expect(codes).toEqual(["dns_private_address", "not_encrypted"]);
  });

  test("another secret than the gateway's", async () => {
    const env = { ...ENV, SW_SECRET: "another secret of more than 32 bytes" };
    const { codes, checks } = await examine([gateway.url], env);
    expect(codes).toEqual(["signature_refused"]);
    expect(checks.at(-1)).toMatchObject({ check: "streams", state: "skipped" });
  });

  test("an app that the gateway does not know", async () => {
    const { codes, findings } = await examine([gateway.url], { ...ENV, SW_ID: "nobody" });
    expect(codes).toEqual(["request_refused"]);
    expect(findings[0]!.measured).toContain("app_unknown");
  });

  test("an upstream that the gateway does not reach, and one that no rule allows", async () => {
    const config = ["--config", gateway.file, ...QUICK];
    const [unreached, unallowed] = await Promise.all(
      ["http://127.0.0.1:9/x", "https://other.example.com/"].map((target) =>
        examine([gateway.url, ...config, "--target", target]),
      ),
    );
    expect(unreached!.codes).toEqual(["upstream_failed"]);
    expect(unallowed!.codes).toEqual(["request_refused"]);
    expect(unallowed!.findings[0]!.measured).toContain("target_not_");
  });
});

test("signway doctor calls the upstream with a token where each end user has limits", async () => {
  const args = [gateway.url, "--config", gateway.file, "--target", `${upstream.url}/models?a=b`];
  const { codes, code } = await examine([...args, ...QUICK]);
  expect([codes, code]).toEqual([[], 0]);
  expect(upstream.requests.at(-1)?.startLine).toBe("GET /models?a=b HTTP/1.1");
});

describe.skipIf("reason" in openssl)("signway doctor finds a certificate that", () => {
  test.each([
    ["nobody vouches for", { selfSigned: true }, "certificate_untrusted"],
    ["has expired", { expired: true }, "certificate_expired"],
  ])("%s", async (_, options, expected) => {
    const { cert, key } = await authority.issue(options);
    await using server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      tls: { cert, key },
      fetch: () => new Response("never"),
    });
    const { codes } = await examine([`https://127.0.0.1:${server.port}`, "--ca", authority.caFile]);
    expect(codes).toEqual([expected]);
  });
});

test("signway doctor checks what it can without a secret, and says what it did not", async () => {
  const { code, checks } = await examine([gateway.url], {});
  expect(code).toBe(0);
  const states = Object.fromEntries(checks.map(({ check, state }) => [check, state]));
  expect(states).toEqual({
    ...{ dns: "ok", connection: "ok", certificate: "skipped", gateway: "ok", clock: "ok" },
    ...{ path: "skipped", cors: "skipped", upstream: "skipped", streams: "skipped" },
  });
});

test("signway doctor writes a text of at most 80 columns, with the remedy", async () => {
  const url = `http://127.0.0.1:${await freePort()}/`;
  const { code, stdout, stderr } = await runSignway(["doctor", url]);
  expect([code, stderr]).toEqual([1, ""]);
  for (const line of stdout.split("\n")) expect([line, line.length <= 80]).toEqual([line, true]);
  expect(stdout).toStartWith(`${url}\n\ndns `);
  expect(stdout).toContain("One finding:\n\nconnection_failed\n- Measured: 127.0.0.1, port ");
  expect(stdout.replace(/\n {2}/g, " ")).toContain(`- To do: ${REMEDIES.connection_failed}`);
});

describe("signway doctor refuses", () => {
  test.each([
    [["canary"], "doctor needs the gateway's URL"],
    [[], "doctor needs the gateway's URL"],
    [["https://u:canary@a.example"], "no user, no query and no fragment"],
    [["https://a.example/?canary=1"], "no user, no query and no fragment"],
    [["https://a.example", "--silence", "4"], "--silence must be"],
    [["https://a.example", "--origin", "canary"], "--origin must be"],
    [["https://a.example", "--resolver", "canary.example"], "--resolver must be"],
    [["https://a.example", "--ca", "canary.pem"], "--ca must be"],
    [["https://a.example", "--target", "canary"], "--target is not an absolute"],
    [["https://a.example", "--app", "web"], "--app needs --config"],
  ])("%j", async (args, complaint) => {
    const run = await runSignway(["doctor", ...args]);
    expect([run.code, run.stdout]).toEqual([2, ""]);
    expect(complaints(run).join("\n")).toContain(complaint);
    expect(run.stderr).not.toContain("canary");
  });

  test("a configuration that has mistakes, once", async () => {
    await using folder = await folderWith({ "signway.toml": "listen = 3" });
    const run = await runSignway([
      "doctor",
      "https://a.example",
      "--config",
      folder.path("signway.toml"),
    ]);
    expect(run.code).toBe(2);
    expect(new Set(complaints(run)).size).toBe(complaints(run).length);
  });
});
