import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ConfigInput } from "../../../lib/config/schema.ts";
import { CREDENTIAL, type Gateway } from "../../support/gateway.ts";
import { folderWith } from "../../support/folder.ts";
import { flood, floodPlaces } from "./floods.ts";
import {
  ask,
  configFor,
  freshToken,
  startCounting,
  startCountingGateway,
} from "./limited_server.ts";

const upstream = startCounting();
const folder = await folderWith();
const sqlite = (name: string) => `sqlite:${folder.path(name)}`;
afterAll(async () => {
  upstream[Symbol.dispose]();
  await folder[Symbol.asyncDispose]();
});

const { secret } = CREDENTIAL;
const limited = (more: Partial<ConfigInput>): ConfigInput => {
  const limits = { uses: 41, subject: { uses: 15, rate: "1/h burst 12" } };
  const users = { id: "users", secrets: [secret], limits, upstream: [{ url: upstream.url }] };
  const { app = [] } = configFor(upstream);
  return { ...more, app: [...app, users] };
};

describe.each<[name: string, more: Partial<ConfigInput>]>([
  ["memory", {}],
  ["memory and two workers", { workers: 2 }],
  ["a file", { ledger: sqlite("alone.db") }],
  ["a file and two workers", { ledger: sqlite("shared.db"), workers: 2 }],
])("with the ledger in %s, of 200 requests at once", (_, more) => {
  let gateway: Gateway;
  // One after the other: all at once would load the machine for nothing.
  beforeAll(async () => void (gateway = await startCountingGateway(limited(more))), 60_000);
  afterAll(async () => expect(await gateway.stop()).toBe(0), 60_000);

  const flooded = { next: () => gateway, upstream };

  test("as many pass as a token has uses", async () => {
    const { counts, forwarded } = await flood(flooded, { uses: 50 });
    expect(counts).toEqual({ 200: 50, uses_exhausted: 150 });
    expect(forwarded).toBe(50);
  });

  test("as many pass as its rate lets", async () => {
    const { counts, forwarded } = await flood(flooded, { rate: "1/h burst 30" });
    expect(counts).toEqual({ 200: 30, rate_limited: 170 });
    expect(forwarded).toBe(30);
  });

  test("as many are open as it has places", async () => {
    const token = await freshToken({ concurrent: 10 });
    const { counts, most } = await floodPlaces(flooded, token, 10);
    expect(counts).toEqual({ 200: 10, too_many_concurrent: 190 });
    expect(most).toBe(10);
    expect((await ask(gateway, token, upstream)).result).toBe("200");
  });

  test("one passes with each of two tokens of two apps that have one id", async () => {
    const limits = { jti: "the same", uses: 1, subject: "eve" };
    const once = { 200: 1, uses_exhausted: 199 };
    expect((await flood(flooded, limits)).counts).toEqual(once);
    expect((await flood(flooded, { ...limits, id: "users" })).counts).toEqual(once);
  });

  test("as many pass as the app and each of its users may", async () => {
    const results = [];
    for (const subject of ["ada", "bob", "cid", "dan"]) {
      const { counts } = await flood(flooded, { id: "users", subject });
      results.push(counts);
    }
    const ofRate = { 200: 12, rate_limited: 188 };
    expect(results).toEqual([ofRate, ofRate, ofRate, { 200: 4, uses_exhausted: 196 }]);
  });

  test("the ones that do not count all pass", async () => {
    const { counts } = await flood(flooded, {});
    expect(counts).toEqual({ 200: 200 });
  });
});

describe("a token is not used twice", () => {
  const once = async (gateway: Gateway) => {
    const token = await freshToken({ uses: 1 });
    expect((await ask(gateway, token, upstream)).result).toBe("200");
    return token;
  };

  test("after kill -9, with a file", async () => {
    const ledger = sqlite("killed.db");
    const config = configFor(upstream, { ledger });
    await using first = await startCountingGateway(config);
    const token = await once(first);
    const unused = await freshToken({ uses: 1 });
    await first.stop("SIGKILL");
    await using second = await startCountingGateway(config);
    expect((await ask(second, token, upstream)).result).toBe("uses_exhausted");
    // The file remembers, so that tokens from before are accepted.
    expect((await ask(second, unused, upstream)).result).toBe("200");
    await second.stop();
  });

  test("after a restart, with the ledger in memory", async () => {
    const config = configFor(upstream);
    await using first = await startCountingGateway(config);
    const token = await once(first);
    await first.stop();
    await using second = await startCountingGateway(config);
    const { result, headers } = await ask(second, token, upstream);
    expect(result).toBe("token_predates_ledger");
    expect(headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
    expect((await ask(second, await freshToken({ uses: 1 }), upstream)).result).toBe("200");
    await second.stop();
  });
});
