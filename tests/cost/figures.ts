import { join } from "node:path";
import { countInstructions } from "./count_instructions.ts";
import type { Planted } from "./planted.ts";

/** What one run of each work takes, by the work's name. */
export interface Figures {
  /** The version of Bun that the instructions were counted with: another one takes others. */
  bun: string;
  /** Thousands of instructions, interpreted. */
  instructions: Record<string, number>;
  /** Calls of the runtime. */
  calls: Record<string, Record<string, number>>;
}

/** Where the figures are that a change is held against. */
export const STORED = join(import.meta.dir, "figures.json");

// Each takes ten seconds. The others differ from these in what is called, and the calls are counted.
const COUNTED = [
  "one verification",
  "a signed GET with 20 more headers each way",
  "an event stream of a hundred events",
  "the admin API's share of ten exchanges",
];

/** Counts the instructions anew. */
export function measureInstructions(): Promise<Figures["instructions"]> {
  return countInstructions(COUNTED);
}

/**
 * Counts the calls anew, in a process whose globals count.
 *
 * @param planted done beside each work
 */
export async function measureCalls(planted: Planted = "nothing"): Promise<Figures["calls"]> {
  const program = join(import.meta.dir, "count_calls.ts");
  const command = [process.execPath, program, planted];
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "inherit" });
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error("the calls were not counted");
  return JSON.parse(text) as Figures["calls"];
}
