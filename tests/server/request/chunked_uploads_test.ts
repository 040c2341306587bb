import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { chunk, respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, problemOf, signedExchange } from "../../support/signed_exchange.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

const LIMIT = 50;
const REPETITIONS = 25;
const HEADERS = ["Transfer-Encoding: chunked"];
const METHODS = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const upstream = await startUpstream([respond("ok")]);
const gateway = await startConfigured({
  app: [
    {
      id: CREDENTIAL.id,
      secrets: [CREDENTIAL.secret],
      upstream: [{ url: upstream.url, max_body: LIMIT }],
    },
  ],
  route: [{ path: "/open/", upstream: upstream.url, signature: "none", max_body: LIMIT }],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

type Send = (method: string, body: string) => ReturnType<typeof plainExchange>;

const SENDERS: [name: string, send: Send][] = [
  [
    "with a signed URL",
    (method, body) =>
      signedExchange(gateway, `${upstream.url}/`, { method, headers: HEADERS, body }),
  ],
  [
    "to a route without signature",
    (method, body) => plainExchange(gateway, method, "/open/", { headers: HEADERS, body }),
  ],
];

describe.each(SENDERS)("a chunked body that came with its head, %s", (_, send) => {
  test.each([LIMIT + 1, 2 * LIMIT, 40 * LIMIT])(
    "reaches no upstream with %i bytes, over max_body",
    async (size) => {
      const before = upstream.connections.length;
      for (let i = 0; i < REPETITIONS; i++) {
        const response = await send("POST", chunk("x".repeat(size)) + chunk(""));
        expect(response.status).toBe(413);
        expect(problemOf(response)).toMatchObject({ code: "body_too_large" });
      }
      expect(upstream.connections).toHaveLength(before);
    },
  );

  test.each(METHODS)("is sent as an empty body when it has no chunk: %s", async (method) => {
    for (let i = 0; i < REPETITIONS; i++) {
      const response = await send(method, chunk(""));
      expect(response.status).toBe(200);
      const { headers, body } = upstream.requests.at(-1)!;
      expect(body.toString()).toBe("");
      const framing = headers.filter(([name]) =>
        /^(content-length|transfer-encoding)$/i.test(name),
      );
      expect(framing).toEqual([["Content-Length", "0"]]);
    }
  });
});
