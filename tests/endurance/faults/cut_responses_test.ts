import { afterAll, describe, expect, test } from "bun:test";
import { createRandom, printedSeed } from "../../support/random.ts";
import { openSigned, startScripted } from "../../support/by_path.ts";
import { startGateway } from "../../support/gateway.ts";
import { parseResponse } from "../../support/raw_client.ts";
import { chunk, FIN, RST, type Step } from "../../support/raw_upstream.ts";

const upstream = await startScripted();
const args = ["--upstream", upstream.url];
const gateways = [
  { workers: 1, gateway: await startGateway({ args }) },
  { workers: 2, gateway: await startGateway({ args: [...args, "--workers", "2"] }) },
] as const;

afterAll(async () => {
  await Promise.all(gateways.map(({ gateway }) => gateway.stop()));
  await upstream.stop();
});

const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";
const PLAIN = `${CHUNKED}Content-Type: text/plain\r\n\r\n`;
const EVENTS = `${CHUNKED}Content-Type: text/event-stream\r\n\r\n`;
const PIECES = ["first", "x".repeat(3000), "last"];
const BODY = PIECES.join("");
const WIRE = PIECES.map(chunk).join("");
const LENGTH = 100_000;
const LONG = `HTTP/1.1 200 OK\r\nContent-Length: ${LENGTH}\r\n\r\n`;

/** What stands on the wire before the cut. */
const CUTS: [name: string, head: string, sent: string, received: string][] = [
  ["between chunks", PLAIN, chunk("first"), "first"],
  ["inside a chunk", PLAIN, `${chunk("first")}8\r\nseco`, "first"],
  ["inside the size of a chunk", PLAIN, `${chunk("first")}1`, "first"],
  ["between the CR and LF of a chunk", PLAIN, "5\r\nfirst\r", "first"],
  ["before the last chunk", PLAIN, WIRE, BODY],
  ["inside the last chunk", PLAIN, `${WIRE}0`, BODY],
  ["between events", EVENTS, chunk("data: 1\n\n"), "data: 1\n\n"],
  ["inside an event", EVENTS, chunk("data: 1\n\nda"), "data: 1\n\n"],
  ["inside a long body with a length", LONG, "first", "first"],
  ["one byte before the end of a length", LONG, "x".repeat(LENGTH - 1), "x"],
];
const ENDS: [string, Step][] = [
  ["FIN", FIN],
  ["RST", RST],
];

describe.each(gateways)("with $workers workers, a body cut", ({ gateway }) => {
  const cases = CUTS.flatMap(([name, ...cut]) =>
    ENDS.map(([how, end]) => [name, how, end, cut] as const),
  );
  test.each(cases)("%s by %s is cut for the client too", async (_, __, end, [head, sent, seen]) => {
    const target = upstream.on(head + sent, 50, end);
    using client = await openSigned(gateway, target);
    await client.closed();
    const bytes = client.received();
    expect(parseResponse(bytes, true)).toBeUndefined();
    expect(bytes.toString("latin1")).toStartWith("HTTP/1.1 200");
    expect(bytes.toString("latin1").replaceAll("\r\n", "")).toContain(seen.slice(0, 5));
    const record = await gateway.waitForRecord(({ upstream: url }) => url === target);
    expect(record).toMatchObject({ outcome: "upstream_truncated", status: 200 });
    expect(upstream.count(target)).toBe(1);
  });

  test.each(ENDS)("before any of it, by %s, gets 502 or a break", async (_, end) => {
    const target = upstream.on(PLAIN, 50, end);
    using client = await openSigned(gateway, target);
    expect((await client.response()).status).toBe(502);
    const record = await gateway.waitForRecord(({ upstream: url }) => url === target);
    expect(record).toMatchObject({ outcome: "upstream_failed", code: "upstream_broken" });
  });

  test.each(ENDS)("inside a short body with a length, by %s, gets 502", async (_, end) => {
    const target = upstream.on("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart", 50, end);
    using client = await openSigned(gateway, target);
    const response = await client.response();
    expect(response.status).toBe(502);
    expect(response.body.toString()).not.toContain("part");
  });
});

// A known limit of the runtime: it takes the size of the last chunk for the end. Every byte is there by then.
describe.each(gateways)(
  "with $workers workers, after the size of the last chunk",
  ({ gateway }) => {
    const cases = ENDS.flatMap(([how, end]) =>
      ["0\r\n", "0\r\n\r"].map((last) => [how, last, end] as const),
    );
    test.each(cases)("%s after %j: a break, or all of it", async (_, last, end) => {
      using client = await openSigned(gateway, upstream.on(PLAIN + WIRE + last, 50, end));
      await Promise.race([client.closed(), client.response()]);
      const response = parseResponse(client.received(), true);
      if (response) expect(response.body.toString()).toBe(BODY);
    });
  },
);

describe("wherever a chunked answer is cut, no client takes a part for the whole", () => {
  const random = createRandom(printedSeed("cut points"));
  const cuts = Array.from({ length: 120 }, () => random.below(WIRE.length + "0\r\n\r".length));
  const ends = cuts.map((at) => [at, random.pick(ENDS), random.below(20)] as const);
  test.each(gateways)("with $workers workers", async ({ gateway }) => {
    const results = await Promise.all(
      ends.map(async ([at, [how, end], pause]) => {
        const sent = PLAIN + (WIRE + chunk("")).slice(0, at);
        using client = await openSigned(gateway, upstream.on(sent, pause, end));
        await Promise.race([client.closed(), client.response()]);
        const response = parseResponse(client.received(), true);
        const isWhole = response?.status === 200 && response.body.toString() === BODY;
        return !response || response.status === 502 || isWhole ? [] : [{ at, how }];
      }),
    );
    expect(results.flat()).toEqual([]);
  });
});

// RFC 9112, section 8: without a length and chunks the close is the end, so an early one cannot be told.
describe("a body that ends with the connection", () => {
  test.each(gateways)("passes whole, with $workers workers", async ({ gateway }) => {
    const target = upstream.on("HTTP/1.1 200 OK\r\n\r\nfirst", 50, "last", FIN);
    using client = await openSigned(gateway, target);
    expect((await client.response()).body.toString()).toBe("firstlast");
    const record = await gateway.waitForRecord(({ upstream: url }) => url === target);
    expect(record).toMatchObject({ outcome: "complete", bytes_out: 9 });
  });

  // A known limit of the runtime. When a newer one tells RST from FIN, SECURITY.md can promise more.
  test.each(gateways)(
    "looks whole when RST has cut it, with $workers workers",
    async ({ gateway }) => {
      const target = upstream.on("HTTP/1.1 200 OK\r\n\r\nfirst", 50, RST);
      using client = await openSigned(gateway, target);
      expect((await client.response()).body.toString()).toBe("first");
      const record = await gateway.waitForRecord(({ upstream: url }) => url === target);
      expect(record["outcome"]).toBe("complete");
    },
  );
});
