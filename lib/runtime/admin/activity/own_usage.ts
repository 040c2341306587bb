import type { UsageStore } from "../../../gateway/ledger/usage_store.ts";
import type { Activity } from "./activity.ts";
import { TICK_MS } from "./relay.ts";
import { noteOf, periodName } from "./usage_note.ts";
import { type Period, PERIODS } from "./usage_windows.ts";

/** Parts of {@link OwnUsage}. */
export interface OwnUsageParts {
  activity: Activity;
  store: UsageStore;
  /** The name of this gateway. */
  gateway: string;
}

// The time after a tick of the relays, in which all sums arrive. To ask for them would send each row a second time.
const LATER_MS = 500;

// A little longer than this process keeps them.
const KEPT_MS = { hour: 26 * PERIODS.hour, day: 33 * PERIODS.day };

/**
 * Notes what this gateway does in the store, once in 5 seconds and in whole, so that a note that is lost or repeated changes
 * nothing.
 */
export class OwnUsage {
  readonly #parts: OwnUsageParts;
  /** When the last periods began that were noted after their end. */
  readonly #ended: Partial<Record<Period, number>> = {};
  #isMissing = false;
  #timer: Timer | undefined;
  #refresh: () => Promise<void> = async () => {};

  /** @param parts the activity of this gateway, and the store */
  constructor(parts: OwnUsageParts) {
    this.#parts = parts;
  }

  /** Whether the store had no room for a note, or did not take it. */
  get isMissing(): boolean {
    return this.#isMissing;
  }

  /**
   * Begins to note.
   *
   * @param refresh brings the activity up to date
   */
  start(refresh: () => Promise<void>): void {
    this.#refresh = refresh;
    this.#schedule();
  }

  /** Notes what is not noted yet, and ends. */
  async stop(): Promise<void> {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    await this.#refresh();
    await this.#noteAll();
  }

  #schedule(): void {
    const ms = TICK_MS - ((Date.now() - LATER_MS) % TICK_MS);
    this.#timer = setTimeout(() => {
      this.#schedule();
      void this.#noteAll();
    }, ms);
  }

  async #noteAll(): Promise<void> {
    const periods = (["hour", "day"] as const).flatMap((period) => [
      this.#note(period, 0),
      this.#notePast(period),
    ]);
    this.#isMissing = (await Promise.all(periods)).includes(false);
  }

  /** A period that has ended is noted once more: it may not have been noted to its end. */
  async #notePast(period: Period): Promise<boolean> {
    const { from } = this.#parts.activity.rows("apps", period, 1);
    if (this.#ended[period] === from) return true;
    // A busy process may report late.
    await this.#refresh();
    const isKept = await this.#note(period, 1);
    if (isKept) this.#ended[period] = from;
    return isKept;
  }

  /** Returns whether the store has the note. It is given again what it has, because it may have lost it. */
  async #note(period: Period, back: number): Promise<boolean> {
    const { activity, store, gateway } = this.#parts;
    const { from, rows: apps } = activity.rows("apps", period, back);
    if (apps.length === 0) return true;
    const text = noteOf({ apps, models: activity.rows("models", period, back).rows });
    const note = { period: periodName(period, from), gateway, text, keptMs: KEPT_MS[period] };
    return store.put(note).catch(() => false);
  }
}
