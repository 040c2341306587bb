import { afterAll, describe, expect, test } from "bun:test";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, problemOf, type SignedExchange } from "../../support/signed_exchange.ts";
import { HEADER_VECTORS, type HeaderVector } from "../../unit/signing/sasigning/header_vectors.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { DENIED } from "../../support/header_signature.ts";

const upstream = await startUpstream([respond("ok")]);
const routeOf = ({ scheme, secret }: HeaderVector, changed: object = {}) => {
  const { fields, delimiter, hash } = scheme;
  const signature = { scheme: "sasigning" as const, secrets: [secret], fields, delimiter, hash };
  return {
    route: [{ path: "/", upstream: upstream.url, signature: { ...signature, ...changed } }],
  };
};
const gateway = await startConfigured(routeOf(HEADER_VECTORS[0]!));

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

/** The request that a vector describes, as it goes over the wire. */
interface WireRequest extends SignedExchange {
  method: string;
  target: string;
  headers: string[];
}

function wireRequest({ request, signature }: HeaderVector): WireRequest {
  const { method, path, query, headers, body } = request;
  const lines = [...(headers as Headers)].map(([name, value]) => `${name}: ${value}`);
  return {
    method,
    target: encodeURI(path) + (query === undefined ? "" : `?${query}`),
    headers: [`Signature: ${signature}`, ...lines],
    ...(body && { body }),
  };
}

const send = ({ method, target, ...rest }: WireRequest) =>
  plainExchange(gateway, method, target, rest);

/** Whatever is the same request to HTTP and another one to the signature. */
function changesOf(vector: HeaderVector): [title: string, request: WireRequest][] {
  const request = wireRequest(vector);
  const { signature, scheme } = vector;
  const [, ...others] = request.headers;
  const signed = (text: string) => ({ ...request, headers: [`Signature: ${text}`, ...others] });
  const fields = new Set(scheme.fields);
  return [
    ["no signature", { ...request, headers: others }],
    ["an empty signature", signed("")],
    ["a cut signature", signed(signature.slice(0, -1))],
    ["a signature with other padding", signed(signature.replace(/=*$/, "."))],
    ["another digit", signed((signature.startsWith("A") ? "B" : "A") + signature.slice(1))],
    ["the signature twice", { ...request, headers: [...request.headers, request.headers[0]!] }],
    ["another method", { ...request, method: request.method === "PUT" ? "PATCH" : "PUT" }],
    ["a longer path", { ...request, target: request.target.replace(/(\?|$)/, "x$1") }],
    ["another path", { ...request, target: "/other" }],
    ...(fields.has("QUERY_STRING")
      ? ([
          ["another query", { ...request, target: `${request.target}1` }],
          ["no query", { ...request, target: request.target.split("?")[0]! }],
        ] as [string, WireRequest][])
      : []),
    ...(fields.has("body")
      ? ([
          ["another body", { ...request, body: '{"a": 2}' }],
          ["no body", { ...request, body: "" }],
          ["another timestamp", { ...request, headers: bumped(request.headers) }],
          ["no timestamp", { ...request, headers: request.headers.slice(0, 1) }],
        ] as [string, WireRequest][])
      : []),
  ];
}

function bumped(headers: readonly string[]): string[] {
  return headers.map((line) => line.replace("1795326723", "1795326724"));
}

describe("a started gateway and the vectors", () => {
  test.each(HEADER_VECTORS.map((vector) => [vector.name, vector] as const))(
    "%s",
    async (_, vector) => {
      await gateway.reconfigure(routeOf(vector));
      const response = await send(wireRequest(vector));
      expect([response.status, response.body.toString()]).toEqual([200, "ok"]);

      const before = upstream.requests.length;
      for (const [title, request] of changesOf(vector)) {
        const refused = await send(request);
        expect([title, refused.status]).toEqual([title, 401]);
        expect(problemOf(refused)).toMatchObject(DENIED);
        expect(refused.all("content-type")).toEqual(["application/problem+json"]);
      }
      expect(upstream.requests).toHaveLength(before);
    },
  );

  const [vector] = HEADER_VECTORS as [HeaderVector];
  const { fields } = vector.scheme;
  test.each([
    ["delimiter", { delimiter: "$" }],
    ["hash", { hash: "sha512" }],
    ["order", { fields: fields.toReversed() }],
    ["field less", { fields: ["path"] }],
    ["field more", { fields: [...fields, "scheme"] }],
    ["secret", { secrets: ["another secret"] }],
    ["header", { headers: ["Api-Signature"] }],
  ])("a route with another %s refuses what was right before", async (_, changed) => {
    await gateway.reconfigure(routeOf(vector));
    expect((await send(wireRequest(vector))).status).toBe(200);
    await gateway.reconfigure(routeOf(vector, changed));
    const refused = await send(wireRequest(vector));
    expect(problemOf(refused)).toMatchObject(DENIED);
  });
});
