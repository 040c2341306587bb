import { interleave } from "../measure/statistics.ts";
import type { Scenario } from "../scenario.ts";

const PROGRAM = `${import.meta.dirname}/../ledger/grow.ts`;
const NAME = "the ledger in memory";
const COUNTS = [10, 1_000, 100_000, 1_000_000];

/** Grows a ledger in a process of its own, whose heap is empty at first. */
async function grow(count: number): Promise<Record<string, number>> {
  const child = Bun.spawn([process.execPath, PROGRAM, String(count)], { stdout: "pipe" });
  const output = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`${PROGRAM} failed`);
  return JSON.parse(output) as Record<string, number>;
}

export const growthLedger: Scenario = {
  summary: "The longest stall while the ledger in memory grows to a million tokens",
  async run({ rounds, smoke, log }) {
    const counts = smoke ? COUNTS.slice(0, 2) : COUNTS;
    const samples = await interleave(rounds, counts, async (count) => {
      const sample = await grow(count);
      log(
        `${count} tokens: ${sample["stall"]!.toFixed(1)} ms, ${sample["cpu"]!.toFixed(1)} µs each`,
      );
      return sample;
    });
    const valuesOf = (count: number, key: string) => samples.get(count)!.map((one) => one[key]!);
    return {
      title: "Growth of the ledger",
      text: `New tokens, each of which is used once, a thousand in each turn of the event loop. *Stall* is the longest time from
one to the next, with collections of garbage. *Busy* is the CPU time of the thread in the busiest of these times: on a
machine that does other things too, the stall is longer than that.`,
      quantities: [
        { key: "stall", label: "ms, the longest stall" },
        { key: "busy", label: "ms busy" },
        { key: "cpu", label: "µs of CPU for each" },
        { key: "memory", label: "MB RSS" },
      ],
      references: [],
      growth: "tokens",
      groups: counts.map((count) => ({
        title: `${count.toLocaleString("en")} tokens`,
        x: count,
        series: [
          {
            name: NAME,
            samples: {
              stall: valuesOf(count, "stall"),
              busy: valuesOf(count, "busy"),
              cpu: valuesOf(count, "cpu"),
              memory: valuesOf(count, "memory"),
            },
          },
        ],
      })),
    };
  },
};
