import { beforeAll, describe, expect, test } from "bun:test";
import { requirement } from "../support/requirement.ts";
import { type Figures, measureCalls, measureInstructions, STORED } from "./figures.ts";

// What a request costs, in counts that do not depend on how busy the machine is. A change that is meant
// stores new figures with `bun run cost`, where review sees them.

// Other libraries of the C runtime take a few more or fewer. In the verification alone, the threads of
// WebCrypto wait in a loop for longer or shorter: it took 131 to 182 thousand, and what is stored is between.
const TOLERANCES: Readonly<Record<string, number>> = { "one verification": 0.25 };
const TOLERANCE = 0.08;

const stored = (await Bun.file(STORED).json()) as Figures;
const valgrind = await requirement("valgrind", async () => {
  const path = Bun.which("valgrind");
  if (!path) throw new Error("valgrind is missing");
  return path;
});
const isOtherBun = Bun.version !== stored.bun;
if (isOtherBun) console.log(`the instructions were counted with Bun ${stored.bun}: not compared`);

describe("the calls of the runtime", () => {
  let calls: Figures["calls"];
  beforeAll(async () => void (calls = await measureCalls()));

  test("are counted for the same works as are stored", () => {
    expect(Object.keys(calls)).toEqual(Object.keys(stored.calls));
  });

  test.each(Object.entries(stored.calls))("of %s are those stored", (name, expected) => {
    expect(calls[name]).toEqual(expected);
  });

  test.each([
    ["a copy of headers", { "new Headers": 1 }],
    ["a parsed URL", { "URL.parse": 1 }],
    ["a timer", { "globalThis.setTimeout": 1 }],
  ] as const)("tell of %s too many", async (planted, more) => {
    const found = await measureCalls(planted);
    for (const [name, before] of Object.entries(calls)) {
      const added = Object.entries(more).map(([call, n]) => [call, (before[call] ?? 0) + n]);
      expect(found[name]).toEqual({ ...before, ...Object.fromEntries(added) });
    }
  });
});

describe.skipIf("reason" in valgrind || isOtherBun)("the instructions", () => {
  let instructions: Figures["instructions"];
  // Under callgrind everything takes fifty times as long.
  beforeAll(async () => void (instructions = await measureInstructions()), 600_000);

  test.each(Object.entries(stored.instructions))("of %s are those stored", (name, expected) => {
    const count = instructions[name]!;
    const isAsStored = Math.abs(count / expected - 1) <= (TOLERANCES[name] ?? TOLERANCE);
    expect({ count, isAsStored }).toEqual({ count, isAsStored: true });
  });
});
