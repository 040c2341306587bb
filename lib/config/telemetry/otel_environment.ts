import type { Environment } from "../environment.ts";
import { isFramingHeader, parseHeader } from "../parse_header.ts";
import { otlpEndpointMistake } from "./otlp_endpoint.ts";
import { OTLP_PROTOCOLS, type OtlpProtocol } from "./otlp_protocols.ts";

/** The settings in the environment variables of OpenTelemetry. An absent one is not set. */
export interface OtelEnvironment {
  /** `OTEL_SDK_DISABLED`: nothing is exported, whatever else is set. */
  isDisabled: boolean;
  endpoint?: string;
  tracesEndpoint?: string;
  metricsEndpoint?: string;
  headers?: readonly (readonly [name: string, value: string])[];
  protocol?: OtlpProtocol;
  serviceName?: string;
  resource: Readonly<Record<string, string>>;
  sampler?: string;
  ratio?: number;
  /** `OTEL_TRACES_EXPORTER` and `OTEL_METRICS_EXPORTER`: the signals that are not exported. */
  without: readonly string[];
  /** In milliseconds. */
  timeout?: number;
  scheduleDelay?: number;
  metricInterval?: number;
}

const EXPORTERS = ["otlp", "none"];

/** The values of `OTEL_TRACES_SAMPLER`. */
const SAMPLERS: readonly string[] = [
  ...["always_on", "always_off", "traceidratio"],
  ...["parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"],
];

/**
 * Reads the environment variables of OpenTelemetry.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 *
 * @param env the environment. An empty variable counts as one that is not set
 * @returns what they set, and one sentence per mistake, without values
 */
export function readOtelEnvironment(env: Environment): {
  values: OtelEnvironment;
  mistakes: string[];
} {
  const mistakes: string[] = [];
  function read<Value>(name: string, parse: (text: string) => Value | Mistake): Value | undefined {
    const text = env[name]?.trim();
    if (text === undefined || text === "") return undefined;
    const value = parse(text);
    if (!(value instanceof Mistake)) return value;
    mistakes.push(`${name} ${value.text}`);
    return undefined;
  }
  const found = {
    endpoint: read("OTEL_EXPORTER_OTLP_ENDPOINT", url),
    tracesEndpoint: read("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", url),
    metricsEndpoint: read("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", url),
    headers: read("OTEL_EXPORTER_OTLP_HEADERS", headerList),
    protocol: read("OTEL_EXPORTER_OTLP_PROTOCOL", protocolName),
    serviceName: read("OTEL_SERVICE_NAME", (text) => text),
    sampler: read("OTEL_TRACES_SAMPLER", (text) => oneOf(SAMPLERS, text)),
    ratio: read("OTEL_TRACES_SAMPLER_ARG", share),
    timeout: read("OTEL_EXPORTER_OTLP_TIMEOUT", milliseconds),
    scheduleDelay: read("OTEL_BSP_SCHEDULE_DELAY", milliseconds),
    metricInterval: read("OTEL_METRIC_EXPORT_INTERVAL", milliseconds),
  };
  const without = ["traces", "metrics"].filter(
    (signal) =>
      read(`OTEL_${signal.toUpperCase()}_EXPORTER`, (text) => oneOf(EXPORTERS, text)) === "none",
  );
  const present = Object.fromEntries(
    Object.entries(found).filter(([, value]) => value !== undefined),
  );
  const values: OtelEnvironment = {
    ...present,
    isDisabled: /^true$/i.test(env["OTEL_SDK_DISABLED"]?.trim() ?? ""),
    resource: read("OTEL_RESOURCE_ATTRIBUTES", resourceAttributes) ?? {},
    without,
  };
  // A variable that nothing reads stops no command.
  return { values, mistakes: values.isDisabled ? [] : mistakes };
}

/** A mistake in a value, as the end of a sentence. */
class Mistake {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function url(text: string): string | Mistake {
  const mistake = otlpEndpointMistake(text);
  return mistake === undefined ? text : new Mistake(mistake);
}

function oneOf<Value extends string>(values: readonly Value[], text: string): Value | Mistake {
  const found = values.find((value) => value === text);
  return found ?? new Mistake(`must be one of ${values.join(", ")}`);
}

function protocolName(text: string): OtlpProtocol | Mistake {
  return oneOf(OTLP_PROTOCOLS, text);
}

function share(text: string): number | Mistake {
  const number = Number(text);
  return number >= 0 && number <= 1 ? number : new Mistake("must be a number from 0 to 1");
}

function milliseconds(text: string): number | Mistake {
  const isValid = /^\d{1,8}$/.test(text) && Number(text) > 0;
  return isValid ? Number(text) : new Mistake("must be a whole number of milliseconds, 1 or more");
}

/** The form of W3C Baggage without properties: `name=value,name=value`, percent-encoded. */
function pairs(text: string): [string, string][] | Mistake {
  const found: [string, string][] = [];
  for (const pair of text.split(",")) {
    const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/s.exec(pair) ?? [];
    if (pair.trim() === "") continue;
    if (name === undefined || value === undefined)
      return new Mistake("must be name=value,name=value");
    try {
      found.push([decodeURIComponent(name), decodeURIComponent(value)]);
    } catch {
      return new Mistake("has a value that is not percent-encoded");
    }
  }
  return found;
}

function headerList(text: string): readonly (readonly [string, string])[] | Mistake {
  const found = pairs(text);
  if (found instanceof Mistake) return found;
  const isValid = ([name, value]: [string, string]) =>
    !isFramingHeader(name) && typeof parseHeader(`${name}: ${value}`) !== "string";
  return found.every(isValid) ? found : new Mistake("has a header that is not valid");
}

function resourceAttributes(text: string): Record<string, string> | Mistake {
  const found = pairs(text);
  return found instanceof Mistake ? found : Object.fromEntries(found);
}
