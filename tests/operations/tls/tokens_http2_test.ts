import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from "node:http2";
import { createAuthority } from "../../support/certificates.ts";
import { startGateway } from "../../support/gateway.ts";
import { mint, type MintOptions } from "../../support/minted.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";

const KEY = "the operator's own key";

const authority = await createAuthority();
const { certFile, keyFile } = await authority.issue();
const upstream = await startUpstream([respond("answer")]);
const { host } = new URL(upstream.url);
const gateway = await startGateway({
  args: [
    ...["--upstream", `${upstream.url}/`, "--header", `Authorization: Bearer ${KEY}`],
    ...["--tls-cert", certFile, "--tls-key", keyFile],
  ],
});
let session: ClientHttp2Session;

beforeAll(() => {
  session = connect(`https://127.0.0.1:${gateway.port}`, { ca: authority.ca });
});
afterAll(async () => {
  session.destroy();
  await gateway.stop();
  await upstream.stop();
  await authority[Symbol.asyncDispose]();
});

interface Http2Response {
  status: number | undefined;
  problem: unknown;
  body: string;
}

/** Sends a request on the one connection of this file. */
function send(path: string, headers: OutgoingHttpHeaders = {}): Promise<Http2Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Http2Response>();
  const request = session.request({ ":path": path, ...headers });
  let body = "";
  let status: number | undefined;
  let problem: unknown;
  request.setEncoding("utf8");
  request.on("response", (response) => {
    status = response[":status"];
    problem = response["x-sw-problem"];
  });
  request.on("data", (piece: string) => (body += piece));
  request.on("end", () => resolve({ status, problem, body }));
  request.on("error", reject);
  return promise;
}

const PATH = `/${host}/v1/items`;
const SLOTS: [slot: string, send: (token: string) => Promise<Http2Response>][] = [
  ["Authorization", (token) => send(PATH, { authorization: `Bearer ${token}` })],
  ["x-api-key", (token) => send(PATH, { "x-api-key": token })],
  ["the query", (token) => send(`${PATH}?X-Sw-Token=${token}&page=2`)],
  ["the path", (token) => send(`/~${token}${PATH}`)],
];

const minted = (options: MintOptions = {}) =>
  mint({ ...options, claims: { sw: { to: [`GET ${upstream.url}/v1/`] }, ...options.claims } });

describe.each(SLOTS)("over HTTP/2, a token in %s", (slot, sendIn) => {
  test("is accepted, and does not reach the upstream", async () => {
    const token = minted();
    expect(await sendIn(token)).toEqual({ status: 200, problem: undefined, body: "answer" });
    expect(session.alpnProtocol).toBe("h2");
    const { startLine, head, all } = upstream.requests.at(-1)!;
    expect(startLine).toBe(`GET /v1/items${slot === "the query" ? "?page=2" : ""} HTTP/1.1`);
    expect(all("authorization")).toEqual([`Bearer ${KEY}`]);
    expect(all("x-api-key")).toEqual([]);
    for (const part of token.split(".")) expect(head).not.toContain(part);
  });

  test.each<[what: string, options: MintOptions, status: number, code: string]>([
    ["that has expired", { claims: { exp: 1 } }, 401, "token_expired"],
    ["of another secret", { secret: "x".repeat(32) }, 401, "token_signature_mismatch"],
    [
      "for another path",
      { claims: { sw: { to: [`${upstream.url}/v2/`] } } },
      403,
      "target_not_granted",
    ],
  ])("%s is refused", async (_, options, status, code) => {
    const before = upstream.requests.length;
    const token = minted(options);
    const response = await sendIn(token);
    expect(response).toMatchObject({ status, problem: code });
    expect(JSON.parse(response.body)).toMatchObject({ code, error: { code } });
    for (const part of token.split(".")) expect(response.body).not.toContain(part);
    expect(upstream.requests).toHaveLength(before);
  });
});

test("no token is in the log", () => {
  expect(gateway.records().length).toBeGreaterThan(0);
  expect(gateway.stdout()).not.toContain("eyJ");
});
