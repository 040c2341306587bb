import { installPythonPackages, runPython } from "../virtual_environment.ts";
import type { HttpMessage } from "../http_message.ts";

const PACKAGES = ["opentelemetry-proto==1.45.2", "opentelemetry-semantic-conventions==0.66b2"];

/** The values of attributes by their names. */
export type Attributes = Record<string, string | number | readonly string[]>;

/** A span as the decoder reads it. Ids are hexadecimal, times in nanoseconds. */
export interface DecodedSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  kind: string;
  start: bigint;
  end: bigint;
  attributes: Attributes;
  links: { traceId: string; spanId: string; flags: number }[];
  status: string | undefined;
  flags: number;
}

/** A point of a histogram. */
export interface DecodedPoint {
  metric: string;
  unit: string;
  temporality: string;
  count: number;
  sum: number;
  buckets: number[];
  bounds: number[];
  attributes: Attributes;
}

/** What exports hold. */
export interface Decoded {
  spans: DecodedSpan[];
  points: DecodedPoint[];
  /** The attributes of the resources, one for each export. */
  resources: Attributes[];
}

/** Installs the decoder, which OpenTelemetry publishes, and resolves with the path of a Python that has it. */
export function installDecoder(): Promise<string> {
  return installPythonPackages("opentelemetry-1.45.2", PACKAGES);
}

/** Decodes exports with the code that is generated from the definitions of OTLP. */
export async function decodeExports(
  python: string,
  requests: readonly Pick<HttpMessage, "startLine" | "body" | "all">[],
): Promise<Decoded> {
  const lines = requests.map(({ startLine, body, all }) => {
    const [, signal] = /\/v1\/(traces|metrics) /.exec(startLine) ?? [];
    const type = all("content-type").join() === "application/json" ? "json" : "protobuf";
    return `${signal} ${type} ${body.toString("base64")}\n`;
  });
  const script = `${import.meta.dirname}/decode.py`;
  const output = await runPython([python, script], new Blob(lines));
  const messages = output
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Json);
  const resources = messages.flatMap(({ resourceSpans, resourceMetrics }) =>
    listOf(resourceSpans ?? resourceMetrics).map(({ resource }) =>
      attributesOf(resource?.attributes),
    ),
  );
  const scopes = messages.flatMap(({ resourceSpans, resourceMetrics }) =>
    listOf(resourceSpans ?? resourceMetrics).flatMap((of) =>
      listOf(of["scopeSpans"] ?? of["scopeMetrics"]),
    ),
  );
  const spans = scopes.flatMap((scope) => listOf(scope["spans"]).map(spanOf));
  const points = scopes.flatMap((scope) => listOf(scope["metrics"]).flatMap(pointsOf));
  return { spans, points, resources };
}

// oxlint-disable-next-line typescript/no-explicit-any
type Json = Record<string, any>;

function listOf(list: unknown): Json[] {
  return (list ?? []) as Json[];
}

function spanOf(span: Json): DecodedSpan {
  return {
    traceId: hexOf(span["traceId"])!,
    spanId: hexOf(span["spanId"])!,
    parentSpanId: hexOf(span["parentSpanId"]),
    name: span["name"],
    kind: span["kind"],
    start: BigInt(span["startTimeUnixNano"]),
    end: BigInt(span["endTimeUnixNano"]),
    attributes: attributesOf(span["attributes"]),
    links: listOf(span["links"]).map((link) => ({
      traceId: hexOf(link["traceId"])!,
      spanId: hexOf(link["spanId"])!,
      flags: link["flags"] ?? 0,
    })),
    status: span["status"]?.code,
    flags: span["flags"] ?? 0,
  };
}

function pointsOf({ name, unit, histogram }: Json): DecodedPoint[] {
  return listOf(histogram.dataPoints).map((point) => ({
    metric: name,
    unit,
    temporality: histogram.aggregationTemporality,
    count: Number(point["count"]),
    sum: point["sum"],
    buckets: point["bucketCounts"].map(Number),
    bounds: point["explicitBounds"],
    attributes: attributesOf(point["attributes"]),
  }));
}

function hexOf(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, "base64").toString("hex");
}

function attributesOf(list: unknown): Attributes {
  return Object.fromEntries(
    listOf(list).map(({ key, value }) => [
      key,
      value.stringValue ??
        value.arrayValue?.values.map((item: Json) => item["stringValue"]) ??
        Number(value.intValue),
    ]),
  );
}
