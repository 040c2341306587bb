import { type Delivered, Delivery, failedExport } from "./delivery.ts";
import type { ExchangeHistograms } from "./exchange_histograms.ts";
import type { ExportReport } from "./export_report.ts";
import type { createPayloads } from "./payloads.ts";
import type { Post } from "./post.ts";

/** What {@link MetricsExport} needs. */
export interface MetricsExportOptions {
  histograms: ExchangeHistograms;
  /** The time between two exports, in milliseconds. */
  interval: number;
  post: Post;
  payloadOf: ReturnType<typeof createPayloads>;
  report: ExportReport;
}

/** Exports metrics in intervals. What one export lacks, the next one has, because the values add up. */
export class MetricsExport {
  readonly #options: MetricsExportOptions;
  readonly #delivery: Delivery;
  readonly #timer: Timer;
  #exporting: Promise<void> | undefined;

  /** @param options what is exported, and when */
  constructor(options: MetricsExportOptions) {
    const { post, interval } = options;
    this.#options = options;
    this.#delivery = new Delivery({ post, patience: interval });
    this.#timer = setInterval(() => void this.#exportOnce(), interval);
    this.#timer.unref();
  }

  /** Exports a last time. */
  async finish(): Promise<void> {
    clearInterval(this.#timer);
    this.#delivery.hurry();
    await this.#exporting;
    await this.#exportOnce();
  }

  /** Ends what is being sent. */
  abort(): void {
    this.#delivery.abort();
  }

  /** One at a time: a slow collector gets no second one. */
  #exportOnce(): Promise<void> {
    return (this.#exporting ??= this.#export().finally(() => (this.#exporting = undefined)));
  }

  async #export(): Promise<void> {
    const { histograms, report } = this.#options;
    if (histograms.points === 0) return;
    const delivered = await this.#deliver().catch(failedExport);
    report.exported("metrics", delivered, histograms.points);
    if (!delivered.isAccepted) report.dropped("metrics", 1, delivered.reason);
  }

  async #deliver(): Promise<Delivered> {
    const { histograms, payloadOf } = this.#options;
    return this.#delivery.deliver(
      payloadOf("metrics", { metrics: histograms.metrics(Date.now()) }),
    );
  }
}
