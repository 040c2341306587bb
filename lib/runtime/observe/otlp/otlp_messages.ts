import type { Field, MessageType } from "./protobuf.ts";

// The fields of OTLP 1.x that the gateway writes, from https://github.com/open-telemetry/opentelemetry-proto.

const VALUE: MessageType = {
  stringValue: [1, "string"],
  boolValue: [2, "bool"],
  intValue: [3, "varint"],
  doubleValue: [4, "double"],
  arrayValue: [5, () => VALUES],
};
const VALUES: MessageType = { values: [1, () => VALUE, "list"] };
const KEY_VALUE: MessageType = { key: [1, "string"], value: [2, () => VALUE] };
const ATTRIBUTES = (number: number): Field => [number, () => KEY_VALUE, "list"];

const RESOURCE: MessageType = { attributes: ATTRIBUTES(1) };
const SCOPE: MessageType = { name: [1, "string"], version: [2, "string"] };

const STATUS: MessageType = { code: [3, "varint"] };
const LINK: MessageType = { traceId: [1, "hex"], spanId: [2, "hex"], flags: [6, "fixed32"] };
const SPAN: MessageType = {
  traceId: [1, "hex"],
  spanId: [2, "hex"],
  parentSpanId: [4, "hex"],
  name: [5, "string"],
  kind: [6, "varint"],
  startTimeUnixNano: [7, "fixed64"],
  endTimeUnixNano: [8, "fixed64"],
  attributes: ATTRIBUTES(9),
  links: [13, () => LINK, "list"],
  status: [15, () => STATUS],
  flags: [16, "fixed32"],
};
const SCOPE_SPANS: MessageType = { scope: [1, () => SCOPE], spans: [2, () => SPAN, "list"] };
const RESOURCE_SPANS: MessageType = {
  resource: [1, () => RESOURCE],
  scopeSpans: [2, () => SCOPE_SPANS, "list"],
};

const HISTOGRAM_POINT: MessageType = {
  startTimeUnixNano: [2, "fixed64"],
  timeUnixNano: [3, "fixed64"],
  count: [4, "fixed64"],
  sum: [5, "double"],
  bucketCounts: [6, "fixed64", "list"],
  explicitBounds: [7, "double", "list"],
  attributes: ATTRIBUTES(9),
};
const HISTOGRAM: MessageType = {
  dataPoints: [1, () => HISTOGRAM_POINT, "list"],
  aggregationTemporality: [2, "varint"],
};
const METRIC: MessageType = {
  name: [1, "string"],
  description: [2, "string"],
  unit: [3, "string"],
  histogram: [9, () => HISTOGRAM],
};
const SCOPE_METRICS: MessageType = { scope: [1, () => SCOPE], metrics: [2, () => METRIC, "list"] };
const RESOURCE_METRICS: MessageType = {
  resource: [1, () => RESOURCE],
  scopeMetrics: [2, () => SCOPE_METRICS, "list"],
};

/** The bodies of exports, by their signals. */
export const EXPORT_REQUESTS: Readonly<Record<"traces" | "metrics", MessageType>> = {
  traces: { resourceSpans: [1, () => RESOURCE_SPANS, "list"] },
  metrics: { resourceMetrics: [1, () => RESOURCE_METRICS, "list"] },
};
