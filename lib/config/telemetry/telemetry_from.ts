import type { OtelEnvironment } from "./otel_environment.ts";
import { signalUrl } from "./otlp_endpoint.ts";
import type { OtlpProtocol } from "./otlp_protocols.ts";

/** What `[otlp]` sets. */
export interface OtlpTable {
  endpoint?: string | undefined;
  headers?: readonly (readonly [name: string, value: string])[] | undefined;
  protocol?: OtlpProtocol | undefined;
  serviceName?: string | undefined;
  sample?: number | undefined;
}

/** How telemetry is exported. Times are in milliseconds. */
export interface TelemetrySettings {
  /** Where traces go; absent when they are not exported. */
  traces?: string;
  /** Where metrics go; absent when they are not exported. */
  metrics?: string;
  headers: readonly (readonly [name: string, value: string])[];
  protocol: OtlpProtocol;
  /** The attributes of the resource, with `service.name`. */
  resource: Readonly<Record<string, string>>;
  /** The share of traces, and whether the choice of a trusted caller counts instead. */
  sampling: { ratio: number; followsParent: boolean };
  /** The longest time of one export. */
  timeout: number;
  /** The time between two exports of spans. */
  scheduleDelay: number;
  /** The time between two exports of metrics. */
  metricInterval: number;
}

const SIGNALS = ["traces", "metrics"] as const;

// The defaults of OpenTelemetry.
const TIMEOUT_MS = 10_000;
const SCHEDULE_DELAY_MS = 5_000;
const METRIC_INTERVAL_MS = 60_000;

/** The mistake of a table `[otlp]` without any endpoint. */
export const NO_ENDPOINT =
  "otlp.endpoint must be set, here or in OTEL_EXPORTER_OTLP_ENDPOINT: nothing would be exported";

/**
 * Combines the file and the environment. What the file sets wins.
 *
 * @param table `[otlp]`; `undefined` when the file has none
 * @param env the environment variables of OpenTelemetry
 * @returns `undefined` when nothing is exported
 */
export function telemetryFrom(
  table: OtlpTable = {},
  env: OtelEnvironment,
): TelemetrySettings | undefined {
  if (env.isDisabled) return undefined;
  const traces = urlOf("traces", table, env);
  const metrics = urlOf("metrics", table, env);
  if (traces === undefined && metrics === undefined) return undefined;
  const serviceName =
    table.serviceName ?? env.serviceName ?? env.resource["service.name"] ?? "signway";
  return {
    ...(traces !== undefined && { traces }),
    ...(metrics !== undefined && { metrics }),
    headers: table.headers ?? env.headers ?? [],
    protocol: table.protocol ?? env.protocol ?? "http/protobuf",
    resource: { ...env.resource, "service.name": serviceName },
    sampling: samplingFrom(table, env),
    timeout: env.timeout ?? TIMEOUT_MS,
    scheduleDelay: env.scheduleDelay ?? SCHEDULE_DELAY_MS,
    metricInterval: env.metricInterval ?? METRIC_INTERVAL_MS,
  };
}

/**
 * Whether a table `[otlp]` has no effect because no endpoint is set.
 *
 * @param table `[otlp]`; `undefined` when the file has none
 * @param env the environment variables of OpenTelemetry
 */
export function lacksEndpoint(table: OtlpTable | undefined, env: OtelEnvironment): boolean {
  const wanted = SIGNALS.filter((signal) => !env.without.includes(signal));
  if (table === undefined || env.isDisabled || wanted.length === 0) return false;
  return wanted.every((signal) => urlOf(signal, table, env) === undefined);
}

function urlOf(
  signal: (typeof SIGNALS)[number],
  table: OtlpTable,
  env: OtelEnvironment,
): string | undefined {
  if (env.without.includes(signal)) return undefined;
  if (table.endpoint !== undefined) return signalUrl(table.endpoint, signal).href;
  const own = signal === "traces" ? env.tracesEndpoint : env.metricsEndpoint;
  if (own !== undefined) return own;
  return env.endpoint === undefined ? undefined : signalUrl(env.endpoint, signal).href;
}

function samplingFrom({ sample }: OtlpTable, env: OtelEnvironment): TelemetrySettings["sampling"] {
  if (sample !== undefined) return { ratio: sample, followsParent: true };
  const { sampler = "parentbased_always_on", ratio = 1 } = env;
  const followsParent = sampler.startsWith("parentbased_");
  if (sampler.endsWith("always_off")) return { ratio: 0, followsParent };
  return { ratio: sampler.endsWith("traceidratio") ? ratio : 1, followsParent };
}
