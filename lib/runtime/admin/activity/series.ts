import type { ActivitySums } from "./activity_sums.ts";
import { addSteps, type Latency, latencyOf, type Steps } from "./latency.ts";
import { addUsage, noUsage, type Usage } from "./usage.ts";

/** Ten seconds of the last hour. */
export interface Slot extends Usage {
  /** When it began, in milliseconds since the epoch. */
  at: number;
  /** Refusals and failures, by code. */
  codes: Record<string, number>;
}

interface CountedSlot extends Slot {
  /** The times to first byte. */
  heads: Steps;
}

const SLOT_MS = 10_000;
const SLOTS = 360;

/** The activity of the last hour, in slots of ten seconds. */
export class Series {
  #slots: CountedSlot[] = [];

  /**
   * Adds sums to the slot of their time.
   *
   * @param sums of exchanges
   */
  add({ at, total, codes, heads }: ActivitySums): void {
    const slot = this.#slotAt(at);
    addUsage(slot, total);
    for (const [code, count] of codes) slot.codes[code] = (slot.codes[code] ?? 0) + count;
    addSteps(slot.heads, heads);
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
    const merged: Steps = new Map();
    for (const { at, heads } of this.#slots) if (at >= now - lastMs) addSteps(merged, heads);
    return latencyOf(merged);
  }

  #slotAt(now: number): CountedSlot {
    const at = Math.floor(now / SLOT_MS) * SLOT_MS;
    const last = this.#slots.at(-1);
    // A clock that is set back adds to the last slot, and so does a worker that is late.
    if (last && last.at >= at) return last;
    const added = { at, ...noUsage(), codes: {}, heads: new Map<number, number>() };
    this.#slots.push(added);
    if (this.#slots.length > SLOTS) this.#slots.shift();
    return added;
  }
}
