import { describe, expect, test } from "bun:test";
import type { ExchangeBytes } from "../../../lib/mod.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { connect } from "../../support/raw_client.ts";
import { chunk, FIN, respond, type Script } from "../../support/raw_upstream.ts";
import { requestBytes } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";
import { type Embedded, embed, type EmbeddedOptions, ENDLESS_HEAD } from "./embedded.ts";

const LARGE = "x".repeat(200_000);
const { id } = CREDENTIAL;

interface Count {
  id: string;
  in: number;
  out: number;
}

/** A gateway whose counts are kept. */
async function counting(options: EmbeddedOptions = {}) {
  const counts: Count[] = [];
  const live: (ExchangeBytes & { id: string })[] = [];
  const onBytes = (id: string, bytes: ExchangeBytes) => {
    live.push({ id, ...bytes });
    if (bytes.final) counts.push({ id, in: bytes.in, out: bytes.out });
  };
  return { it: await embed({ ...options, observers: { onBytes } }), counts, live };
}

type Row = [
  what: string,
  options: EmbeddedOptions,
  ask: (it: Embedded) => Promise<Response>,
  expected: Omit<Count, "id">[],
];

const stream = (...pieces: string[]): Script => [
  ENDLESS_HEAD + pieces.map(chunk).join("") + chunk(""),
];

const ROWS: Row[] = [
  ["a GET", {}, (it) => it.ask(), [{ in: 0, out: 6 }]],
  ["a POST", {}, (it) => it.ask({ method: "POST", body: "four" }), [{ in: 4, out: 6 }]],
  [
    "characters of several bytes",
    { script: [respond("\u00e9")] },
    (it) => it.ask({ method: "POST", body: "é€" }),
    [{ in: 5, out: 1 }],
  ],
  [
    "a signed body",
    {},
    (it) => it.ask({ method: "POST", body: "four", sign: { body: "four" } }),
    [{ in: 4, out: 6 }],
  ],
  [
    "large bodies in both directions",
    { script: [respond(LARGE)] },
    (it) => it.ask({ method: "PUT", body: LARGE }),
    [{ in: LARGE.length, out: LARGE.length }],
  ],
  [
    "an upload of unknown length",
    {},
    (it) => it.ask({ method: "POST", body: new Blob([LARGE]).stream() }),
    [{ in: LARGE.length, out: 6 }],
  ],
  ["a stream", { script: stream("a", "bc", "def") }, (it) => it.ask(), [{ in: 0, out: 6 }]],
  [
    "a HEAD",
    { script: ["HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n"] },
    (it) => it.ask({ method: "HEAD" }),
    [{ in: 0, out: 0 }],
  ],
  [
    "an early answer",
    { hooks: { onRequest: () => new Response("early") } },
    (it) => it.ask({ method: "POST", body: "four" }),
    [{ in: 0, out: 5 }],
  ],
  [
    "a replaced response",
    { hooks: { onResponse: () => new Response("other response") } },
    (it) => it.ask({ method: "POST", body: "four" }),
    [{ in: 4, out: 14 }],
  ],
  [
    "an upstream that cannot be reached",
    {},
    async (it) => {
      await it.upstream.stop();
      return await it.ask({ method: "POST", body: "four" });
    },
    [{ in: 4, out: 0 }],
  ],
  ["a broken upstream", { script: [FIN] }, (it) => it.ask(), [{ in: 0, out: 0 }]],
  [
    "a target that is refused",
    {},
    (it) => {
      it.app.upstreams[0]!.url!.port = "1";
      return it.ask();
    },
    [{ in: 0, out: 0 }],
  ],
  ["a wrong signature", {}, (it) => it.ask({ sign: { secret: "another" } }), []],
  [
    "a preflight",
    {},
    (it) =>
      it.ask({
        method: "OPTIONS",
        headers: { Origin: "https://a.example", "Access-Control-Request-Method": "GET" },
      }),
    [],
  ],
];

describe("onBytes is called once for each exchange of a signed request, with its counts:", () => {
  test.each(ROWS)("%s", async (_, options, ask, expected) => {
    const { it, counts } = await counting(options);
    await using _it = it;
    await (await ask(it)).arrayBuffer();
    await waitFor("the record", () => it.records.length > 0);
    expect(counts).toEqual(expected.map((bytes) => ({ id, ...bytes })));
  });

  test("a client that leaves in the middle", async () => {
    const { it, counts } = await counting({ script: [ENDLESS_HEAD + chunk("12345")] });
    await using _it = it;
    const client = await connect(Number(new URL(it.url).port));
    await client.write(requestBytes("GET", it.signed()));
    await waitFor("the first piece", () => client.received().includes("12345"));
    expect(counts).toEqual([]);
    client.reset();
    await waitFor("the count", () => counts.length > 0);
    expect(counts).toEqual([{ id, in: 0, out: 5 }]);
    expect(it.records).toMatchObject([{ outcome: "client_gone" }]);
  });

  test("live, with the target, while a long response is sent", async () => {
    const piece = chunk("12345");
    const pieces = Array.from({ length: 25 }, () => [piece, 100]).flat();
    const { it, live } = await counting({ script: [ENDLESS_HEAD, ...pieces, chunk("")] });
    await using _it = it;
    const start = performance.now();
    await (await it.ask()).arrayBuffer();
    await waitFor("the last call", () => live.at(-1)?.final === true);
    const seconds = (performance.now() - start) / 1000;
    expect(live.length).toBeWithin(2, Math.ceil(seconds) + 2);
    expect(live.filter(({ final }) => final)).toHaveLength(1);
    expect(live.at(-1)).toEqual({
      id,
      in: 0,
      out: 125,
      target: `${it.upstream.url}/`,
      final: true,
    });
    const out = live.map((bytes) => bytes.out);
    expect(out).toEqual(out.toSorted((a, b) => a - b));
    expect(out[0]).toBeLessThan(125);
  });

  test("many at once", async () => {
    const { it, counts } = await counting();
    await using _it = it;
    const bodies = Array.from({ length: 50 }, (_, i) => "x".repeat(i));
    await Promise.all(
      bodies.map(async (body) => (await it.ask({ method: "POST", body })).arrayBuffer()),
    );
    await waitFor("the records", () => it.records.length === bodies.length);
    expect(counts.map((count) => count.in).sort((a, b) => a - b)).toEqual(
      bodies.map(({ length }) => length),
    );
    expect(new Set(counts.map(({ out }) => out))).toEqual(new Set([6]));
  });
});
