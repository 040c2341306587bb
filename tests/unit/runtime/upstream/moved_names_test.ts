import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../../../lib/gateway/problem/gateway_error.ts";
import { TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";
import { createMovedNames } from "../../../../lib/runtime/upstream/moved_names.ts";
import { createResolver } from "../../../../lib/runtime/upstream/resolve.ts";
import { createUpstreamFetch } from "../../../../lib/runtime/upstream/upstream_fetch.ts";

/** A resolver of one's own: what it answers can change, and what it was asked is counted. */
function scripted(...addresses: string[]) {
  const script = { addresses, asked: 0, now: 0 };
  const find = async () => {
    script.asked++;
    return script.addresses;
  };
  const now = () => script.now;
  const resolver = createResolver(find, now);
  return { script, resolver, names: createMovedNames(resolver, now) };
}

const target = (url: string, address?: string) => ({
  url: new URL(url),
  rule: { headers: [] },
  ...(address !== undefined && { address }),
});

describe("the resolver", () => {
  test("keeps an answer for ten seconds, or until a connection has failed", async () => {
    const { script, resolver } = scripted("10.0.0.1");
    expect(await resolver.resolve("a.test")).toEqual(["10.0.0.1"]);
    script.addresses = ["10.0.0.2"];
    script.now = 9999;
    expect(await resolver.resolve("a.test")).toEqual(["10.0.0.1"]);
    resolver.forget("a.test");
    expect(await resolver.resolve("a.test")).toEqual(["10.0.0.2"]);
    script.addresses = ["10.0.0.3"];
    script.now = 19_999;
    expect(await resolver.resolve("a.test")).toEqual(["10.0.0.3"]);
  });

  test("puts the next address first after each failure", async () => {
    const { script, resolver } = scripted("1", "2", "3");
    const firsts: (string | undefined)[] = [];
    for (let i = 0; i < 5; i++) {
      const found = await resolver.resolve("a.test");
      expect([...found].sort()).toEqual(["1", "2", "3"]);
      firsts.push(found[0]);
      resolver.forget("a.test");
    }
    expect(firsts).toEqual(["1", "2", "3", "1", "2"]);
    expect(script.asked).toBe(5);
  });

  test("looks a name up once for many failures at once", async () => {
    const { script, resolver } = scripted("1", "2");
    await resolver.resolve("a.test");
    for (let i = 0; i < 100; i++) resolver.forget("a.test");
    const all = await Promise.all(Array.from({ length: 100 }, () => resolver.resolve("a.test")));
    expect(new Set(all.map(([first]) => first))).toEqual(new Set(["2"]));
    expect(script.asked).toBe(2);
  });

  test("does not remember a failure", async () => {
    let fails = true;
    const { resolve } = createResolver(async () => {
      if (fails) throw new Error("EAI_AGAIN");
      return ["1"];
    });
    await expect(resolve("a.test")).rejects.toThrow("EAI_AGAIN");
    fails = false;
    expect(await resolve("a.test")).toEqual(["1"]);
  });
});

describe("where a target is", () => {
  test("is the runtime's to find, until a connection has failed, and half a minute later", async () => {
    const { script, names } = scripted("10.0.0.1");
    const named = target("https://a.test/x");
    expect(names.locate(named)).toBe(named);
    names.doubt(named);
    expect(await names.locate(named)).toEqual({ ...named, address: "10.0.0.1" });
    const other = target("https://b.test/x");
    expect(names.locate(other)).toBe(other);
    script.now = 30_000;
    expect(names.locate(named)).toBe(named);
    expect(script.asked).toBe(1);
  });

  test("stays with an address that was checked, or is the URL's own", async () => {
    const { names } = scripted("10.0.0.1");
    names.doubt(target("https://a.test/"));
    const checked = target("https://a.test/", "93.184.215.14");
    expect(names.locate(checked)).toBe(checked);
    for (const url of ["http://127.0.0.1/", "http://[::1]/"]) {
      const fixed = target(url);
      names.doubt(fixed);
      expect(names.locate(fixed)).toBe(fixed);
    }
  });

  test("is the runtime's to find while the name does not resolve", async () => {
    const names = createMovedNames(createResolver(() => Promise.reject(new Error("ENOTFOUND"))));
    const named = target("https://a.test/x");
    names.doubt(named);
    expect(await names.locate(named)).toBe(named);
  });
});

describe("an upstream whose name has moved", () => {
  const request = () => ({
    method: "GET",
    headers: new Headers(),
    body: null,
    signal: new AbortController().signal,
  });

  test("is found with the next request, though the runtime knows another address", async () => {
    using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: ({ headers }) => new Response(headers.get("host")),
    });
    // The runtime cannot resolve this name at all, as it cannot reach one whose address is dead.
    const moved = target(`http://moved.invalid:${server.port}/`);
    const { script, resolver } = scripted("127.0.0.1");
    const fetchUpstream = createUpstreamFetch({ timers: new TimerWheel(), resolver });
    const ask = () => fetchUpstream(moved, request(), () => {}).then((it) => it.text());
    const failure = await ask().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(GatewayError);
    expect((failure as GatewayError).code).toBe("upstream_unreachable");
    expect(await ask()).toBe(`moved.invalid:${server.port}`);
    expect(await ask()).toBe(`moved.invalid:${server.port}`);
    expect(script.asked).toBe(1);
  });
});
