import { describe, expect, test } from "bun:test";
import type { UpstreamRule } from "../../../../lib/gateway/model/rule.ts";
import { signed } from "../in_process_gateway.ts";
import { placed, SLOTS } from "./slots.ts";
import { answering, bearing, grants, ITEMS, NOW, ORIGIN } from "./token_gateway.ts";

const TOKEN = grants({ to: [`${ORIGIN}/`] });

describe("caching", () => {
  const cached = async (
    headers: HeadersInit,
    rule: Partial<UpstreamRule>,
    request = bearing(TOKEN),
  ) => (await answering({ headers }, rule).send(request)).headers;
  const kept = { keepCaching: true };

  test.each(SLOTS)("is switched off for a token in $what", async ({ place }) => {
    const asked = { "cache-control": "public, max-age=60", expires: "0", age: "1", vary: "Accept" };
    const headers = await cached(asked, {}, placed([place(TOKEN)]));
    expect(headers.get("cache-control")).toBe("no-store");
    expect([headers.has("expires"), headers.has("age")]).toEqual([false, false]);
  });

  test.each([
    ["public, max-age=60", "private, max-age=60"],
    ["max-age=60, s-maxage=3600", "private, max-age=60"],
    ["PUBLIC,S-MAXAGE=1,immutable", "private, immutable"],
    ["private", "private"],
    ['private="set-cookie", max-age=1', "private, max-age=1"],
    ["max-age=1, proxy-revalidate, must-revalidate", "private, max-age=1, must-revalidate"],
    ["no-store", "private, no-store"],
    ["", "private"],
  ])("that a rule keeps is private: %s", async (asked, expected) => {
    const headers = await cached({ "cache-control": asked, vary: "Accept" }, kept);
    expect(headers.get("cache-control")).toBe(expected);
    const vary = headers.get("vary")!.toLowerCase().split(/, */);
    for (const name of [
      "accept",
      "authorization",
      "x-api-key",
      "x-goog-api-key",
      "api-key",
      "xi-api-key",
      "sec-websocket-protocol",
      "origin",
    ]) {
      expect(vary).toContain(name);
    }
  });

  test("that a rule keeps by a date is private", async () => {
    const headers = await cached({ expires: "Thu, 01 Jan 2037 00:00:00 GMT" }, kept);
    expect(headers.get("cache-control")).toBe("private");
  });

  test("that a rule would keep is off without the upstream's word", async () => {
    expect((await cached({}, kept)).get("cache-control")).toBe("no-store");
  });

  test("of a signed URL stays the upstream's", async () => {
    const request = signed({ target: ITEMS, sign: { now: new Date(NOW * 1000) } });
    const headers = await cached({ "cache-control": "public, max-age=60" }, kept, request);
    expect(headers.get("cache-control")).toBe("public, max-age=60");
    expect(headers.get("vary")).toBeNull();
  });
});
