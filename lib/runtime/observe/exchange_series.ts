import type { Registry } from "prom-client";
import type { ExchangeRecord } from "../../gateway/record/exchange_record.ts";
import { addValue } from "./distribution.ts";
import {
  type PlainCounter,
  type PlainHistogram,
  registerCounter,
  registerHistogram,
} from "./plain_metrics.ts";
import { statusLabel } from "./status_label.ts";

const SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const FAST_SECONDS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.1];

const REQUESTS = {
  name: "signway_requests_total",
  help: "Finished exchanges, including refusals and preflights.",
  labelNames: ["app", "upstream", "outcome", "status", "code"],
} as const;

const REFUSALS = {
  name: "signway_refusals_total",
  help: "Requests that the gateway refused.",
  labelNames: ["app", "code"],
} as const;

const HEAD = {
  name: "signway_head_seconds",
  help: "Time until the response headers were ready, for forwarded exchanges.",
  labelNames: ["app", "upstream"],
} as const;

const DURATION = {
  name: "signway_duration_seconds",
  help: "Duration of forwarded exchanges.",
  labelNames: ["app", "upstream"],
} as const;

const VERIFICATION = {
  name: "signway_verification_seconds",
  help: "Time until the signature was verified, including the arrival of a signed body.",
  labelNames: ["app"],
} as const;

const VERIFICATIONS = {
  name: "signway_verifications_total",
  help: "Verified signatures, by the position of the secret in its list, from 0.",
  labelNames: ["app", "secret"],
} as const;

const BYTES = {
  name: "signway_bytes_total",
  help: "Bytes of bodies that were sent to upstreams (in) and to clients (out).",
  labelNames: ["direction", "app", "upstream"],
} as const;

/**
 * Registers the metrics that each exchange changes.
 *
 * @param registry the registry of the metrics
 * @returns counts an exchange, for its app, which is empty for one that was not verified
 */
export function createExchangeSeries(
  registry: Registry,
): (record: ExchangeRecord, app: string) => void {
  const seriesOf = rememberSeries(registerSeries(registry));
  return (record, app) => count(seriesOf(record, app), record);
}

type SeriesOf = (record: ExchangeRecord, app: string) => Series;

/** Makes the series of each set of labels once. */
function rememberSeries(create: SeriesOf): SeriesOf {
  const known = new Map<string, Series>();
  return (record, app) => {
    const { outcome, code, rule, secret } = record;
    const status = statusLabel(record.status);
    const key = `${app}\n${rule}\n${outcome}\n${status}\n${code}\n${secret}`;
    const found = known.get(key);
    if (found) return found;
    const series = create(record, app);
    known.set(key, series);
    return series;
  };
}

/** The metrics that an exchange with certain labels changes. */
interface Series {
  requests: PlainCounter;
  refusals: PlainCounter | undefined;
  verified:
    | {
        verification: PlainHistogram;
        verifications: PlainCounter | undefined;
        bytesIn: PlainCounter;
        bytesOut: PlainCounter;
      }
    | undefined;
  forwarded: { head: PlainHistogram; duration: PlainHistogram } | undefined;
}

/** Registers what each exchange changes. Returns a function that makes the series for a record and those like it. */
function registerSeries(registry: Registry): SeriesOf {
  const requests = registerCounter(REQUESTS, registry);
  const refusals = registerCounter(REFUSALS, registry);
  const head = registerHistogram(HEAD, SECONDS, registry);
  const duration = registerHistogram(DURATION, SECONDS, registry);
  const verification = registerHistogram(VERIFICATION, FAST_SECONDS, registry);
  const verifications = registerCounter(VERIFICATIONS, registry);
  const bytes = registerCounter(BYTES, registry);
  return ({ outcome, status, code = "", rule, secret, verifyMs }, app) => {
    const upstream = rule ?? "";
    const isVerified = verifyMs !== undefined;
    const isForwarded = isVerified && rule !== undefined && outcome !== "refused";
    return {
      requests: requests({ app, upstream, outcome, status: statusLabel(status), code }),
      refusals: outcome === "refused" ? refusals({ app, code }) : undefined,
      verified: isVerified
        ? {
            verification: verification({ app }),
            verifications:
              secret === undefined ? undefined : verifications({ app, secret: String(secret) }),
            bytesIn: bytes({ direction: "in", app, upstream }),
            bytesOut: bytes({ direction: "out", app, upstream }),
          }
        : undefined,
      forwarded: isForwarded
        ? { head: head({ app, upstream }), duration: duration({ app, upstream }) }
        : undefined,
    };
  };
}

function count({ requests, refusals, verified, forwarded }: Series, record: ExchangeRecord): void {
  requests.value++;
  if (refusals) refusals.value++;
  if (verified) {
    addValue(verified.verification, FAST_SECONDS, record.verifyMs! / 1000);
    if (verified.verifications) verified.verifications.value++;
    verified.bytesIn.value += record.bytesIn;
    verified.bytesOut.value += record.bytesOut;
  }
  if (!forwarded) return;
  addValue(forwarded.head, SECONDS, record.headMs / 1000);
  addValue(forwarded.duration, SECONDS, record.durationMs / 1000);
}
