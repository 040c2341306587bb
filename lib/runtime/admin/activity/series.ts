import { addUsage, type CountedRecord, noUsage, type Usage } from "./usage.ts";

/** Ten seconds of the last hour. */
export interface Slot extends Usage {
  /** When it began, in milliseconds since the epoch. */
  at: number;
  /** Refusals and failures, by code. */
  codes: Record<string, number>;
}

/** Times to first byte, in milliseconds. */
export interface Latency {
  p50_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
}

interface CountedSlot extends Slot {
  /** How many times to first byte are in each step of {@link stepOf}. */
  heads: Map<number, number>;
}

export const SLOT_MS = 10_000;
const SLOTS = 360;

// Each step is 5 % longer than the one before.
const RATIO = Math.log(1.05);

/** What happened in the last hour, in slots of ten seconds. */
export class Series {
  #slots: CountedSlot[] = [];

  /**
   * Counts an exchange in the slot of its end.
   *
   * @param record of the exchange
   * @param now milliseconds since the epoch
   */
  add(record: CountedRecord, now: number): void {
    const slot = this.#slotAt(now);
    addUsage(slot, record);
    const { code, rule, headMs } = record;
    if (code !== undefined) slot.codes[code] = (slot.codes[code] ?? 0) + 1;
    if (rule === undefined || headMs === 0) return;
    const step = stepOf(headMs);
    slot.heads.set(step, (slot.heads.get(step) ?? 0) + 1);
  }

  /**
   * Returns the slots of the last hour in which something happened, the oldest first.
   *
   * @param now milliseconds since the epoch
   */
  slots(now: number): Slot[] {
    const oldest = now - SLOTS * SLOT_MS;
    return this.#slots.filter(({ at }) => at >= oldest).map(({ heads: _, ...slot }) => slot);
  }

  /**
   * Returns percentiles of the time to first byte of forwarded exchanges.
   *
   * @param now milliseconds since the epoch
   * @param lastMs of how long, in milliseconds
   */
  latency(now: number, lastMs: number): Latency {
    const merged = new Map<number, number>();
    for (const { at, heads } of this.#slots) {
      if (at < now - lastMs) continue;
      for (const [step, count] of heads) merged.set(step, (merged.get(step) ?? 0) + count);
    }
    const steps = [...merged].sort(([one], [other]) => one - other);
    const total = steps.reduce((sum, [, count]) => sum + count, 0);
    const at = (share: number) => percentile(steps, share * total);
    return { p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99) };
  }

  #slotAt(now: number): CountedSlot {
    const at = Math.floor(now / SLOT_MS) * SLOT_MS;
    const last = this.#slots.at(-1);
    // A clock that is set back adds to the last slot.
    if (last && last.at >= at) return last;
    const added = { at, ...noUsage(), codes: {}, heads: new Map<number, number>() };
    this.#slots.push(added);
    if (this.#slots.length > SLOTS) this.#slots.shift();
    return added;
  }
}

function stepOf(ms: number): number {
  return Math.round(Math.log(Math.max(ms, 0.01)) / RATIO);
}

function percentile(steps: readonly (readonly [number, number])[], rank: number): number | null {
  let count = 0;
  for (const [step, inStep] of steps) {
    count += inStep;
    if (count >= rank) return Number(Math.exp(step * RATIO).toPrecision(3));
  }
  return null;
}
