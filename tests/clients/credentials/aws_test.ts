import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { granting } from "../../support/minted.ts";
import { requirement } from "../../support/requirement.ts";
import { plainExchange, problemOf } from "../../support/signed_exchange.ts";
import { sendHandshake } from "../../support/sockets/open_socket.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { installBotocore, startVerifiers, STATIC_KEYS, type Verdict } from "./aws_stage.ts";

const awsFor = (service: string) => ({ region: "eu-west-1", service, ...STATIC_KEYS });
const python = await requirement("Python with botocore", installBotocore);
const stage = "reason" in python ? undefined : await startSigning(python.value);
afterAll(() => stage?.[Symbol.asyncDispose]());

async function startSigning(path: string) {
  const verifiers = await startVerifiers(path);
  const http = `http://127.0.0.1:${verifiers.http}`;
  const https = `https://127.0.0.1:${verifiers.https}`;
  const passed = ["x-amz-meta-*", "X-Amz-Copy-Source", "x-amz-expected"];
  const upstream = [
    { url: `${http}/model/`, aws: awsFor("bedrock") },
    { url: `${http}/other/`, aws: awsFor("execute-api"), headers: { "X-Own": "own" } },
    { url: `${http}/bucket/`, aws: awsFor("s3"), pass_headers: passed },
    { url: `${https}/bucket/`, aws: awsFor("s3") },
  ];
  const gateway = await startConfigured({
    upstream_ca: verifiers.authority.caFile,
    max_signed_body: 1_000_000,
    app: [{ id: CREDENTIAL.id, secrets: [CREDENTIAL.secret], upstream }],
    route: [{ path: "/model/", upstream: http, signature: "none", aws: awsFor("bedrock") }],
  });
  return {
    gateway,
    hosts: { http: `127.0.0.1:${verifiers.http}`, https: `127.0.0.1:${verifiers.https}` },
    async [Symbol.asyncDispose]() {
      expect(gateway.stdout() + gateway.stderr()).not.toMatch(/canary|AKID|AWS4-HMAC/);
      await gateway.stop();
      await verifiers[Symbol.asyncDispose]();
    },
  };
}

const BEARER = `Authorization: Bearer ${granting({})}`;
const hostOf = (scheme: "http" | "https") => stage!.hosts[scheme];

/** Sends a request with a token; what the verifying server says of it. */
async function verdictOn(
  path: string,
  options: { method?: string; headers?: string[]; body?: string; scheme?: "http" | "https" } = {},
): Promise<Verdict> {
  const { method = "GET", headers = [], body, scheme = "http" } = options;
  const response = await plainExchange(stage!.gateway, method, `/${hostOf(scheme)}${path}`, {
    headers: [BEARER, ...headers],
    ...(body !== undefined && { body }),
  });
  return JSON.parse(response.body.toString()) as Verdict;
}

const MODEL = "/model/eu.anthropic.claude-sonnet-4-20250514-v1";
const TARGETS = [
  `${MODEL}:0/invoke`,
  `${MODEL}%3A0/invoke-with-response-stream`,
  `${MODEL}%3a0/converse-stream`,
  "/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Fa/converse",
  "/other/%20a+b~(c)!*'/%C3%BC/%E2%82%AC",
  "/other/a//b/./c",
  "/other/x?b=2&a=1&a=0&a&=&z",
  "/other/x?q=a+b&r=a%20b&s=%2b&t=(x)*'!~&%61%c3%bc=%e2%82%ac&u=a=b=c",
  "/other/x?name=%ff%zz",
  "/bucket/a+b%20c/(d)*'!~/%C3%BC=;,@&$:",
  "/bucket/a%2Bb//c",
  "/bucket/a%2Fb%2f%2fc",
  "/bucket/?list-type=2&prefix=a%2Fb+c&delimiter=/&marker=&acl",
  "/bucket/?&list-type=2&&prefix=a&",
];

describe.skipIf(!stage)("the signature is right for a path and query", () => {
  test.each(TARGETS)("%s", async (target) => {
    expect((await verdictOn(target)).mistake).toBeNull();
  });

  test("and they mean the same, in the one form that all servers read alike", async () => {
    const verdict = await verdictOn("/bucket/a+b(c)//%7e?q=a+b&r=%2b%7E&s=(x)&t");
    expect(verdict.path).toBe("/bucket/a%2Bb%28c%29//~?q=a%20b&r=%2B~&s=%28x%29&t");
    const slash = await verdictOn("/bucket/a%2Fb%2f%2fc?&a&&b=&");
    expect(slash.path).toBe("/bucket/a/b//c?a&b=");
    const other = await verdictOn("/other/a+b(c)//%7e?q=a+b");
    expect(other.path).toBe("/other/a+b(c)//%7e?q=a%20b");
  });

  test("a HEAD and a DELETE", async () => {
    const path = `/${hostOf("http")}/bucket/key`;
    const head = await plainExchange(stage!.gateway, "HEAD", path, { headers: [BEARER] });
    expect(head.status).toBe(200);
    expect((await verdictOn("/bucket/key", { method: "DELETE" })).mistake).toBeNull();
  });

  test("of a route, and of a WebSocket's handshake", async () => {
    const response = await plainExchange(stage!.gateway, "GET", `${MODEL}:0/invoke`);
    expect((JSON.parse(response.body.toString()) as Verdict).mistake).toBeNull();
    const socket = await sendHandshake(stage!.gateway, `/${hostOf("http")}/other/socket`, [BEARER]);
    const refused = await socket.response();
    expect((JSON.parse(refused.body.toString()) as Verdict).mistake).toBeNull();
    socket.socket.destroy();
  });
});

const SIZES = [0, 10, 70_000, 900_000];
const SIGNED = /^[0-9a-f]{64}$/;
/** With the form of the hash of a body that is not small, and of known length. */
const UPLOADS = [
  [`${MODEL}:0/invoke`, "http", SIGNED],
  ["/bucket/key", "http", SIGNED],
  ["/bucket/key", "https", /^UNSIGNED-PAYLOAD$/],
] as const;

describe.skipIf(!stage)("an upload arrives whole, and its signature is right", () => {
  const cases = UPLOADS.flatMap((upload) => SIZES.map((size) => [...upload, size] as const));
  test.each(cases)("%s over %s", async (path, scheme, hash, size) => {
    const body = "x".repeat(size);
    const known = await verdictOn(path, { method: "PUT", body, scheme });
    expect([known.mistake, known.length]).toEqual([null, size]);
    expect(known.headers["x-amz-content-sha256"]).toMatch(size > 65_536 ? hash : SIGNED);
    const chunks = new ReadableStream({
      async start(controller) {
        for (let sent = 0; sent < size; sent += 65_536) {
          controller.enqueue(new TextEncoder().encode(body.slice(sent, sent + 65_536)));
          await Bun.sleep(0);
        }
        controller.close();
      },
    });
    const headers = { authorization: BEARER.slice("Authorization: ".length) };
    const url = `${stage!.gateway.url}/${hostOf(scheme)}${path}`;
    const response = await fetch(url, { method: "PUT", headers, body: chunks });
    const streamed = (await response.json()) as Verdict;
    expect([streamed.mistake, streamed.length]).toEqual([null, size]);
    // It is read whole, because S3 wants its length.
    expect(streamed.headers["x-amz-content-sha256"]).toMatch(SIGNED);
    expect(streamed.headers["transfer-encoding"]).toBeUndefined();
  });

  test("a body that must be signed and is too large is refused", async () => {
    const path = `/${hostOf("http")}${MODEL}:0/invoke`;
    const body = "x".repeat(1_000_001);
    const response = await plainExchange(stage!.gateway, "POST", path, { headers: [BEARER], body });
    expect([response.status, problemOf(response)["code"]]).toEqual([413, "body_too_large"]);
  });

  test("a body in aws-chunked is refused", async () => {
    const path = `/${hostOf("http")}/bucket/key`;
    const headers = [BEARER, "Content-Encoding: gzip, aws-chunked"];
    const response = await plainExchange(stage!.gateway, "PUT", path, { headers, body: "0\r\n" });
    expect([response.status, problemOf(response)["code"]]).toEqual([400, "request_malformed"]);
  });
});

describe.skipIf(!stage)("of the caller's own", () => {
  const SENT = [
    ...["X-Amz-Date: 20200101T000000Z", "X_Amz_Security_Token: mine", "X-Amz-Acl: public-read"],
    ...["X-Amz-Content-Sha256: mine", "X-Amz-Meta-Own: kept", "X-Amz-Copy-Source: /other/key"],
    "X-Amzn-Bedrock-Trace: kept",
  ];
  const received = ({ headers }: Verdict) =>
    Object.keys(headers)
      .filter((name) => /amz/.test(name))
      .sort();
  const OURS = ["x-amz-content-sha256", "x-amz-date", "x-amzn-bedrock-trace"];

  test("headers for AWS are replaced or removed", async () => {
    const verdict = await verdictOn("/other/x", { headers: SENT });
    expect(verdict.mistake).toBeNull();
    expect(received(verdict)).toEqual(OURS);
    expect(verdict.headers["x-own"]).toBe("own");
  });

  test("headers pass that the rule names, and are signed", async () => {
    const verdict = await verdictOn("/bucket/x", { headers: SENT });
    expect(verdict.mistake).toBeNull();
    expect(received(verdict)).toEqual([...OURS, "x-amz-copy-source", "x-amz-meta-own"].sort());
  });

  test("parameters for AWS are removed, but for those that the rule names", async () => {
    const query = "?X-Amz-Signature=00&x-amz-expires=1&a=1&X%2dAmz-Date=2&X-Amz-Expected=3";
    expect((await verdictOn(`/other/x${query}`)).path).toBe("/other/x?a=1");
    expect((await verdictOn(`/bucket/x${query}`)).path).toBe("/bucket/x?a=1&X-Amz-Expected=3");
  });
});
