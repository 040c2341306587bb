import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Authority, createAuthority } from "../../support/certificates.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { requirement } from "../../support/requirement.ts";
import { type DeploymentOptions, startDeployment } from "./deployment.ts";
import { startDnsServer } from "../../support/dns_server.ts";

const LIMIT = 120_000;
const SILENCE = ["--silence", "5"];

const found = await requirement("the Debian packages nginx, caddy and openssl", async () => {
  for (const program of ["nginx", "caddy", "openssl"]) {
    if (!Bun.which(program)) throw new Error(`${program} is not in PATH`);
  }
  return await Promise.resolve(true);
});

let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority();
});
afterAll(() => authority[Symbol.asyncDispose]());

interface Report {
  healthy: boolean;
  findings: { check: string; code: string; measured: string; remedy: string }[];
  checks: { check: string; state: string; measured: string }[];
}

/** Starts a deployment, examines it, and checks that nothing secret is in the output. */
async function reportOn(options: DeploymentOptions, args?: string[], at?: string) {
  await using deployment = await startDeployment(authority, options);
  const run = await deployment.examine(args, at && `${at}:${deployment.port}/`);
  expect(run.stdout + run.stderr).not.toContain(CREDENTIAL.secret);
  expect(run.stdout + run.stderr).not.toMatch(/canary|X-Sw-Signature|Bearer/);
  return { ...run, report: JSON.parse(run.stdout) as Report };
}

const replaced = (text: string, by: string) => (config: string) => {
  if (!config.includes(text)) throw new Error(`docs/reverse_proxy.md has no ${text}`);
  return config.replace(text, by);
};

describe.skipIf("reason" in found)("signway doctor finds nothing behind", () => {
  const HEALTHY: [string, DeploymentOptions, string[]][] = [
    // Longer than the heartbeat, so that the proxy has to pass that on.
    ["nginx at the root", { gateway: { sse_heartbeat: 4 } }, ["--silence", "12"]],
    ["nginx under a path", { underPath: true }, SILENCE],
    ["Caddy at the root", { language: "caddyfile" }, SILENCE],
    ["Caddy under a path", { language: "caddyfile", underPath: true }, SILENCE],
  ];
  test.concurrent.each(HEALTHY)(
    "%s",
    async (_, options, args) => {
      const { code, stderr, report } = await reportOn(options, args);
      expect({ code, stderr, findings: report.findings }).toEqual({
        code: 0,
        stderr: "",
        findings: [],
      });
      expect(report.healthy).toBe(true);
      expect(new Set(report.checks.map(({ state }) => state))).toEqual(new Set(["ok"]));
    },
    LIMIT,
  );
});

interface Mistake {
  options?: DeploymentOptions;
  args?: string[];
  /** What is in the sentence of what was measured. */
  measured: RegExp;
}

const MISTAKES: Record<string, [code: string, mistake: Mistake]> = {
  "a proxy that buffers": [
    "stream_buffered",
    {
      options: { proxy: replaced("proxy_buffering off;", "proxy_buffering on;") },
      measured: /2 s apart arrived together/,
    },
  ],
  "a proxy that compresses": [
    "stream_buffered",
    {
      options: {
        proxy: replaced("proxy_buffering off;", "gzip on; gzip_types *; gzip_min_length 1;"),
      },
      measured: /2 s apart arrived together|no event/,
    },
  ],
  "an idle timeout of 10 s": [
    "idle_timeout",
    {
      options: { proxy: replaced("proxy_read_timeout 620s;", "proxy_read_timeout 10s;") },
      args: ["--silence", "13"],
      measured: /an event stream was ended after \d+ s.*a request was ended after \d+ s/,
    },
  ],
  "a clock that is an hour ahead": [
    "clock_off",
    { options: { env: { SHIFT_SECONDS: "3600" } }, measured: /36\d\d s ahead of/ },
  ],
  "a clock that is an hour behind": [
    "clock_off",
    { options: { env: { SHIFT_SECONDS: "-3600" } }, measured: /3[56]\d\d s behind/ },
  ],
  "a prefix that the proxy removes, and the gateway does not know": [
    "path_prefix_stripped",
    {
      options: { underPath: true, gateway: { public_path: "/" } },
      measured: /signature_mismatch.* for the path \/ is accepted/,
    },
  ],
  "a prefix that both know, and the proxy does not remove": [
    "path_prefix_kept",
    {
      options: { underPath: true, proxy: replaced("http://signway/;", "http://signway;") },
      measured: /for the path \/signway\/signway\/ is accepted/,
    },
  ],
  "a prefix that neither knows": [
    "path_prefix_unknown",
    {
      options: {
        underPath: true,
        gateway: { public_path: "/" },
        proxy: replaced("http://signway/;", "http://signway;"),
      },
      measured: /a token at the start of the path: status 400, signature_missing/,
    },
  ],
  "a prefix that neither knows, beside routes": [
    "path_prefix_unknown",
    {
      options: {
        underPath: true,
        gateway: {
          public_path: "/",
          route: [{ path: "/open/", upstream: "https://api.example/", signature: "none" }],
        },
        proxy: replaced("http://signway/;", "http://signway;"),
      },
      measured: /a token at the start of the path: status 404, route_unknown/,
    },
  ],
  "a public path that the URL lacks": [
    "public_path_differs",
    {
      options: { gateway: { public_path: "/other" } },
      measured: /for the path \/other\/ is accepted/,
    },
  ],
  "an origin that CORS does not allow": [
    "cors_origin_missing",
    {
      options: { gateway: { cors: { allow_origins: ["https://other.example.com"] } } },
      measured: /does not allow pages of https:\/\/app\.example\.com/,
    },
  ],
  "a proxy that adds CORS headers of its own": [
    "cors_header_repeated",
    {
      options: {
        proxy: replaced(
          "proxy_buffering off;",
          "proxy_buffering off; add_header Access-Control-Allow-Origin * always;",
        ),
      },
      measured: /twice/,
    },
  ],
  "a key that the upstream refuses": [
    "upstream_key_refused",
    {
      options: { status: "401 Unauthorized" },
      measured: /answers with (status 401|credential_refused)/,
    },
  ],
  "a certificate that expires": [
    "certificate_expiring",
    { options: { days: 5 }, measured: /expires in [45] days/ },
  ],
  "a proxy whose gateway does not run": [
    "gateway_unreachable",
    {
      options: {
        proxy: replaced("server 127.0.0.1:3000;", "server 127.0.0.1:9; # 127.0.0.1:3000"),
      },
      measured: /status 502, not from the gateway/,
    },
  ],
  "a page in place of the gateway": [
    "not_a_gateway",
    {
      options: { proxy: replaced("proxy_pass http://signway;", "return 200 'welcome';") },
      measured: /status 200, not from the gateway/,
    },
  ],
};

describe.skipIf("reason" in found)("signway doctor finds", () => {
  test.concurrent.each(Object.entries(MISTAKES))(
    "%s",
    async (_, [code, { options = {}, args = SILENCE, measured }]) => {
      const { report, ...run } = await reportOn(options, args);
      expect({ codes: report.findings.map((finding) => finding.code), exit: run.code }).toEqual({
        codes: [code],
        exit: 1,
      });
      expect(report.findings[0]!.measured).toMatch(measured);
      expect(report.findings[0]!.remedy).not.toBe("");
    },
    LIMIT,
  );

  test(
    "a name with a private address in DNS, and nothing with --private",
    async () => {
      await using dns = await startDnsServer("127.0.0.1");
      const args = [...SILENCE, "--resolver", dns.address];
      const at = "https://gateway.example.com";
      const options = { names: "DNS:gateway.example.com" };
      const run = await reportOn(options, args, at);
      expect(run.report.findings).toEqual([
        expect.objectContaining({ code: "dns_private_address", check: "dns" }),
      ]);
      expect(run.report.findings[0]!.measured).toContain("127.0.0.1");
      expect(run.code).toBe(1);
      const inside = await reportOn(options, [...args, "--private"], at);
      expect([inside.code, inside.report.findings]).toEqual([0, []]);
    },
    LIMIT,
  );

  test(
    "a certificate for another name, and sends nothing that is signed",
    async () => {
      const run = await reportOn({ names: "DNS:other.example.com" });
      expect(run.report.findings.map(({ code }) => code)).toEqual(["certificate_wrong_name"]);
      const skipped = run.report.checks.filter(({ state }) => state === "skipped");
      expect(skipped.map(({ check }) => check)).toEqual([
        ...["gateway", "clock", "path", "cors", "upstream", "streams"],
      ]);
    },
    LIMIT,
  );
});
