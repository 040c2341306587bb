import type { Settings } from "../../config/settings.ts";
import type { ExchangeRecord } from "../../gateway/record/exchange_record.ts";
import type { Logger } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { createModelLabels } from "./model_labels.ts";
import type { Telemetry } from "./otlp/telemetry.ts";
import type { RunningExchanges } from "./running_exchanges.ts";

/** The observers of the exchanges of a gateway. */
export interface Observers {
  /** Gets a line for each exchange. */
  log: Logger;
  /** Counts each exchange; absent when there is no admin listener. */
  metrics?: Metrics | undefined;
  /** Exports traces and metrics; absent when they are not exported. */
  telemetry?: Telemetry | undefined;
  /** Tells the admin API of each exchange; absent when there is none. */
  activity?: { observe: (record: Readonly<ExchangeRecord>) => void } | undefined;
  /** Counts what has not ended; absent when nobody waits for it. */
  running?: RunningExchanges | undefined;
}

/** Returns a function that tells the observers of the begin of an exchange. */
export function beginAt({ metrics, running }: Observers): () => void {
  return () => {
    running?.began();
    metrics?.begin();
  };
}

/**
 * Returns a function that tells the observers of the end of an exchange.
 *
 * @param observers each gets its record
 * @param warnings get it too
 * @param settings whether the log has bytes, and the names of models that metrics may have
 */
export function recordTo(
  { log, metrics, telemetry, activity, running }: Observers,
  warnings: readonly { observe: (record: Readonly<ExchangeRecord>) => void }[],
  { bytesMonitor, policies }: Settings,
): (record: Readonly<ExchangeRecord>) => void {
  const modelOf = createModelLabels(policies);
  return (record) => {
    // Who waits for it goes on after all of this.
    running?.ended();
    metrics?.observe(record, modelOf);
    telemetry?.observe(record, modelOf);
    activity?.observe(record);
    log.exchange(record, bytesMonitor);
    for (const warning of warnings) warning.observe(record);
  };
}
