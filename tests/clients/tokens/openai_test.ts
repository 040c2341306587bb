import { expect, test } from "bun:test";
import OpenAI from "openai";
import { signToken } from "../../../lib/signing/mod.ts";
import { createTokenProvider } from "../../../lib/signing/signed_fetch.ts";
import { peekToken, verifyToken } from "../../../lib/signing/verify.ts";

const SECRET = "correct-horse-battery-staple-web";

/** A backend that signs tokens of a life in seconds, and an API that records the keys it is called with. */
function servers(expires: number) {
  const seen = { signed: 0, keys: [] as string[] };
  const backend = Bun.serve({
    port: 0,
    fetch: async () => {
      seen.signed++;
      const jti = String(seen.signed);
      return new Response(await signToken({ id: "web", secret: SECRET, expires, jti }));
    },
  });
  const api = Bun.serve({
    port: 0,
    fetch: (request) => {
      seen.keys.push(request.headers.get("authorization")?.replace("Bearer ", "") ?? "");
      return Response.json({ object: "list", data: [] });
    },
  });
  const url = backend.url.href;
  const client = new OpenAI({
    baseURL: `${api.url}v1`,
    apiKey: createTokenProvider(() => fetch(url)),
    maxRetries: 0,
  });
  const close = async () => {
    await Promise.all([backend.stop(true), api.stop(true)]);
  };
  return { seen, client, backend, [Symbol.asyncDispose]: close };
}

test("a client of openai takes the provider as its apiKey, and asks the backend once", async () => {
  await using it = servers(300);
  await Promise.all(Array.from({ length: 20 }, () => it.client.models.list()));
  await it.client.models.list();
  expect(it.seen.signed).toBe(1);
  expect(it.seen.keys).toHaveLength(21);
  expect(new Set(it.seen.keys).size).toBe(1);
  const [key = ""] = it.seen.keys;
  expect(peekToken(key)).toEqual({ issuer: "web", audience: [] });
  expect(await verifyToken(key, { findSecrets: () => [SECRET] })).toMatchObject({ tokenId: "1" });
});

test("a client of openai gets a new token when the last one is about to expire", async () => {
  await using it = servers(1);
  await it.client.models.list();
  await Bun.sleep(1_000);
  await it.client.models.list();
  expect(new Set(it.seen.keys).size).toBe(2);
});

test("a client of openai reports that the backend cannot be reached, and tries again later", async () => {
  await using it = servers(300);
  const { port = 0 } = it.backend;
  await it.backend.stop(true);
  const refusal = await it.client.models.list().catch((error) => error);
  expect(refusal).toBeInstanceOf(Error);
  expect(it.seen.keys).toEqual([]);
  const token = await signToken({ id: "web", secret: SECRET });
  using _ = Bun.serve({ port, fetch: () => new Response(token) });
  await it.client.models.list();
  expect(it.seen.keys).toEqual([token]);
});
