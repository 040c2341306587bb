import type { TelemetrySettings } from "../../../config/telemetry/telemetry_from.ts";
import type { FetchUpstream } from "../../../gateway/fetch_upstream.ts";
import type { ExchangeRecord } from "../../../gateway/record/exchange_record.ts";
import type { Sampling } from "../../../gateway/record/trace.ts";
import { waitAtMost } from "../../../gateway/time/wait_at_most.ts";
import type { Logger } from "../log.ts";
import type { ModelLabel } from "../model_labels.ts";
import { Delivery } from "./delivery.ts";
import { ExchangeHistograms } from "./exchange_histograms.ts";
import { ExportReport } from "./export_report.ts";
import { MetricsExport } from "./metrics_export.ts";
import { createPayloads } from "./payloads.ts";
import { createPost } from "./post.ts";
import { SpanQueue } from "./span_queue.ts";
import { spansOf } from "./spans.ts";

/** What {@link createTelemetry} needs beside the settings. */
export interface TelemetryOptions {
  /** `http` or `https`, of the gateway. */
  scheme: string;
  log: Logger;
  /** The number of this worker. Absent: the process is the only one. */
  worker?: number | undefined;
}

/** The export of traces and metrics. */
export interface Telemetry {
  /**
   * Sets how exports are sent. Without it, none can be.
   *
   * @param fetchUpstream returns the function in force that sends requests; called for each export
   */
  sendBy: (fetchUpstream: () => FetchUpstream) => void;
  /** Which exchanges are traced. */
  sampling: Sampling;
  /** Takes an exchange that has ended, and how models are labelled. It never waits. */
  observe: (record: Readonly<ExchangeRecord>, modelOf: ModelLabel) => void;
  /** The counts of exported and lost telemetry. */
  report: ExportReport;
  /**
   * Exports what waits, and ends.
   *
   * @param ms the longest time, in milliseconds
   */
  stop: (ms: number) => Promise<void>;
}

/**
 * Creates the export of traces and metrics by OTLP over HTTP. Nothing waits for the collector: spans wait in a bounded
 * queue, and what cannot be exported is counted.
 *
 * @param settings where, how and what is exported
 * @param options the log, the scheme and the number of the worker
 */
export function createTelemetry(settings: TelemetrySettings, options: TelemetryOptions): Telemetry {
  const { scheme, log } = options;
  const report = new ExportReport(log);
  let fetchUpstream: (() => FetchUpstream) | undefined;
  const post = createPost((...request) => fetchUpstream!()(...request), settings.timeout);
  const payloadOf = createPayloads(settings, options.worker);
  const histograms = new ExchangeHistograms(scheme, Date.now());
  const traces = new Delivery({ post });
  const queue = new SpanQueue({
    delay: settings.scheduleDelay,
    onDropped: (exchanges, reason) => report.dropped("traces", exchanges, reason),
    async send(batch) {
      const spans = batch.flatMap((ended) => spansOf(ended, scheme));
      const delivered = await traces.deliver(payloadOf("traces", { spans }));
      return report.exported("traces", delivered, spans.length);
    },
  });
  const interval = settings.metricInterval;
  const metrics =
    settings.metrics === undefined
      ? undefined
      : new MetricsExport({ histograms, interval, post, payloadOf, report });
  const hasTraces = settings.traces !== undefined;
  return {
    sendBy: (inForce) => void (fetchUpstream = inForce),
    sampling: hasTraces ? settings.sampling : NO_TRACES,
    report,
    observe(record, modelOf) {
      const { trace } = record;
      if (!trace) return;
      if (metrics) histograms.observe(record, trace, modelOf);
      if (hasTraces && trace.isSampled) queue.add({ record, trace, endedAt: Date.now() });
    },
    async stop(ms) {
      traces.hurry();
      await waitAtMost(ms, Promise.all([queue.flush(), metrics?.finish()]));
      queue.dropAll();
      traces.abort();
      metrics?.abort();
    },
  };
}

const NO_TRACES: Sampling = { ratio: 0, followsParent: false };
