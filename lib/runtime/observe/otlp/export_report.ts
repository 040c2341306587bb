import type { Logger } from "../log.ts";
import { Reminders } from "../reminders.ts";
import type { Delivered } from "./delivery.ts";

/** A kind of telemetry. */
export type Signal = "traces" | "metrics";

/** Numbers of one signal. */
export interface SignalCounts {
  /** Exports that the collector took, and that it did not take. */
  accepted: number;
  failed: number;
  /** Spans of as many exchanges, spans or points that the collector rejected, and exports of metrics, that are lost. */
  dropped: number;
}

/** Counts exports, and warns of lost ones once a minute. */
export class ExportReport {
  readonly counts: Readonly<Record<Signal, SignalCounts>> = {
    traces: { accepted: 0, failed: 0, dropped: 0 },
    metrics: { accepted: 0, failed: 0, dropped: 0 },
  };
  readonly #log: Logger;
  readonly #reminders = new Reminders();

  /** @param log gets the warnings */
  constructor(log: Logger) {
    this.#log = log;
  }

  /**
   * An export has ended.
   *
   * @param signal that was exported
   * @param delivered how it ended
   * @param count of its spans or points. A collector cannot have rejected more
   * @returns how it ended
   */
  exported(signal: Signal, delivered: Delivered, count: number): Delivered {
    this.counts[signal][delivered.isAccepted ? "accepted" : "failed"]++;
    const rejected = delivered.isAccepted ? Math.min(delivered.rejected, count) : 0;
    if (rejected > 0) this.dropped(signal, rejected, "rejected");
    return delivered;
  }

  /**
   * Something is lost.
   *
   * @param count how much
   * @param reason why, without a URL or an answer of the collector
   */
  dropped(signal: Signal, count: number, reason: string): void {
    this.counts[signal].dropped += count;
    if (!this.#reminders.isDue(signal)) return;
    const { dropped } = this.counts[signal];
    this.#log.warn({ code: "telemetry_lost", signal, reason, dropped }, "telemetry was lost");
  }
}
