import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { effectOf, type FloodedGateways, startFlooded } from "./flooded_gateway.ts";
import type { Answers, FloodName } from "./floods/flood.ts";
import { floodFromOutside } from "./floods/from_outside.ts";
import { honestOverHttp1, honestOverHttp2 } from "./honest.ts";

const MIB = 1024 * 1024;
const BUDGET = 16 * MIB;

// Beside the budget: buffers of sockets, and what waits to be collected.
const MARGIN = 112 * MIB;

// Far more than a busy machine takes, and less than what a stopped gateway takes.
const PATIENCE_MS = 5000;

const LIMITS = { max_duration: 3, upload_idle_timeout: 2, max_connections: 2 };

const FLOODED: [what: string, name: FloodName, settings: object, seconds: number][] = [
  ["a body of one-byte chunks, 5 MB/s", "small_pieces", {}, 2],
  ["60 and 90 bodies of 10 MiB at once", "large_bodies", {}, 2],
  ["60 bodies of a byte a second", "slow_bodies", LIMITS, 4],
  ["hosts that are slow to parse, 5 Mbit/s", "costly_hosts", {}, 2],
  ["40 bodies that end after their URL", "late_bodies", {}, 4],
];

console.log(`
| beside | protocol | honest requests | median, ms | 95 %, ms | greatest, ms | memory, MiB | sent again | answers to the flood |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |`);

describe.each(FLOODED)(
  "honest requests are answered beside %s",
  (what, name, settings, seconds) => {
    let it: FloodedGateways;

    beforeAll(async () => {
      it = await startFlooded({ max_unverified_bytes: BUDGET, ...settings });
    });

    afterAll(() => it[Symbol.asyncDispose]());

    test.each(["HTTP/1.1", "HTTP/2"] as const)(
      "%s",
      async (protocol) => {
        const isPlain = protocol === "HTTP/1.1";
        const gateway = isPlain ? it.plain : it.tls;
        const to = { port: gateway.port, upstream: it.upstream, ...(!isPlain && { ca: it.ca }) };
        using honest = isPlain ? honestOverHttp1(to) : honestOverHttp2(to);
        const before = it.bodies().length;
        for (let i = 0; i < 50; i++) await honest.exchange();
        let answers: Answers = new Map();
        const flood = async () => {
          answers = await floodFromOutside({ name, protocol, seconds, to });
        };
        const { growth, delays } = await effectOf(gateway, flood, honest.exchange);
        const row = [what, protocol, figures(delays, growth), honest.refused()];
        const list = [...answers].map(([status, count]) => `${status}: ${count}`).join(", ");
        console.log(`| ${row.join(" | ")} | ${list} |`);
        expect(honest.refused()).toBeLessThanOrEqual(
          name === "large_bodies" ? delays.length / 2 : 0,
        );
        expect(growth).toBeLessThan(BUDGET + MARGIN);
        expect(delays.length).toBeGreaterThan(3);
        expect(Math.max(...delays)).toBeLessThan(PATIENCE_MS);
        expect(it.bodies().length - before).toBe(honest.served());
      },
      60_000,
    );
  },
);

function figures(delays: readonly number[], growth: number): string {
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(1);
  return `${sorted.length} | ${at(0.5)} | ${at(0.95)} | ${at(1)} | ${(growth / MIB).toFixed(1)}`;
}
