import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { createKeySetVerifier } from "../../../../lib/gateway/admission/key_set_verifier.ts";
import type { FetchUpstream } from "../../../../lib/gateway/fetch_upstream.ts";
import { TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";
import { createKeySetFetch } from "../../../../lib/runtime/upstream/fetch_key_set.ts";
import { createUpstreamFetch } from "../../../../lib/runtime/upstream/upstream_fetch.ts";
import { parseToken } from "../../../../lib/signing/verify.ts";
import { startIdentityProvider } from "../../../support/identity_provider.ts";
import { createSigner } from "../../../support/token_signer.ts";

const PUBLIC = "93.184.215.14";
const MIB = 2 ** 20;

const provider = await startIdentityProvider();
const timers = new TimerWheel();
const realFetch = createUpstreamFetch({ timers, upstreamCa: provider.ca });
/** The addresses to which connections were to be made. */
let addresses: (string | undefined)[] = [];
// The name of the provider stands for a public address, and the connection goes to this machine.
const fetchUpstream: FetchUpstream = (target, request, abort) => {
  addresses.push(target.address);
  return realFetch({ ...target, address: "127.0.0.1" }, request, abort);
};
const resolve = async () => [PUBLIC];
const fetchKeySet = createKeySetFetch({ fetchUpstream: () => fetchUpstream, resolve });

beforeEach(() => {
  addresses = [];
  provider.publish();
});
afterAll(() => provider[Symbol.asyncDispose]());

describe("a key set is fetched", () => {
  test("from the public address of its host, over TLS", async () => {
    const { jwk } = await createSigner("ES256", "a");
    provider.publish(jwk);
    expect(JSON.parse(await fetchKeySet(provider.url))).toEqual({ keys: [jwk] });
    expect(addresses).toEqual([PUBLIC]);
    expect(provider.headers().get("host")).toBe(new URL(provider.url).host);
    expect(provider.headers().get("accept-encoding")).toBe("identity");
  });

  test("of 1 MiB", async () => {
    const text = `{"keys":[]}`.padEnd(MIB);
    provider.answer(() => new Response(text));
    expect(await fetchKeySet(provider.url)).toBe(text);
  });
});

describe("there is no key set", () => {
  const refusal = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      ({ code, reason }: { code: string; reason: string }) => ({ code, reason }),
    );

  test.each<[string, () => Response, string]>([
    ["after a redirect", () => Response.redirect(provider.url, 302), "status 302"],
    ["with an error", () => new Response("no", { status: 500 }), "status 500"],
    ["with another success", () => new Response("{}", { status: 203 }), "status 203"],
    ["of more than 1 MiB", () => new Response("x".repeat(MIB + 1)), "it is larger than 1 MiB"],
    ["that never ends", () => new Response(endless()), "it is larger than 1 MiB"],
    [
      "that is no UTF-8",
      () => new Response(new Uint8Array([0xff])),
      "ERR_ENCODING_INVALID_ENCODED_DATA",
    ],
  ])("%s", async (_, respond, reason) => {
    const before = provider.count();
    provider.answer(respond);
    expect(await refusal(fetchKeySet(provider.url))).toEqual({ code: "keys_unavailable", reason });
    expect(provider.count() - before).toBe(1);
  });

  test.each<[string, () => Response | Promise<Response>]>([
    ["that does not begin", () => new Promise<Response>(() => {})],
    ["that stalls", () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }))],
  ])("%s in time", async (_, respond) => {
    provider.answer(respond);
    const hasty = createKeySetFetch({ fetchUpstream: () => fetchUpstream, resolve, timeout: 200 });
    expect(await refusal(hasty(provider.url))).toEqual({
      code: "keys_unavailable",
      reason: "it took too long",
    });
  });

  test.each([
    ["a private address", ["10.0.0.1"]],
    ["an address of this machine", ["127.0.0.1"]],
    ["a public and a private address", [PUBLIC, "169.254.169.254"]],
  ])("at %s, and no connection is made", async (_, found) => {
    const guarded = createKeySetFetch({
      fetchUpstream: () => fetchUpstream,
      resolve: async () => found,
    });
    expect(await refusal(guarded(provider.url))).toEqual({
      code: "keys_unavailable",
      reason: "not a public address",
    });
    expect(addresses).toEqual([]);
  });

  test.each(["https://localhost/keys", "https://127.0.0.1/keys", "https://[::1]/keys"])(
    "at %s",
    async (url) => {
      expect(await refusal(fetchKeySet(url))).toMatchObject({ code: "keys_unavailable" });
      expect(addresses).toEqual([]);
    },
  );

  test("with a certificate that nobody trusts", async () => {
    const distrustful = createUpstreamFetch({ timers });
    const fetch = createKeySetFetch({
      fetchUpstream: () => (target, request, abort) =>
        distrustful({ ...target, address: "127.0.0.1" }, request, abort),
      resolve,
    });
    const before = provider.count();
    expect(await refusal(fetch(provider.url))).toMatchObject({ code: "keys_unavailable" });
    expect(provider.count()).toBe(before);
  });
});

test("a provider rotates its keys without a failed request", async () => {
  const verifier = createKeySetVerifier({
    algorithms: ["ES256"],
    fetchKeySet: () => fetchKeySet(provider.url),
  });
  const [old, next] = [await createSigner("ES256", "old"), await createSigner("ES256", "next")];
  const claims = { iss: "https://id.example/", exp: 4_000_000_000 };
  const before = provider.count();
  provider.publish(old.jwk);
  await verifier.verify(parseToken(await old.sign(claims)));
  provider.publish(old.jwk, next.jwk);
  const tokens = await Promise.all(
    Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? old : next).sign(claims)),
  );
  await Promise.all(tokens.map((token) => verifier.verify(parseToken(token))));
  expect(provider.count() - before).toBe(2);
});

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) });
}
