import packageJson from "../../../../package.json" with { type: "json" };
import type { TelemetrySettings } from "../../../config/telemetry/telemetry_from.ts";
import { keyValues } from "./attributes.ts";
import type { Signal } from "./export_report.ts";
import { EXPORT_REQUESTS } from "./otlp_messages.ts";
import type { Payload } from "./post.ts";
import { encodeProtobuf, type Message } from "./protobuf.ts";

const CONTENT_TYPES = {
  "http/protobuf": "application/x-protobuf",
  "http/json": "application/json",
} as const;

/**
 * Creates the function that encodes exports.
 *
 * @param settings the encoding, the URLs, the headers and the resource
 * @param worker the number of this worker. Absent: the process is the only one
 * @returns a function from a signal, and `spans` or `metrics`, to what is sent
 */
export function createPayloads(
  { traces, metrics, headers, protocol, resource }: TelemetrySettings,
  worker: number | undefined,
): (signal: Signal, body: Message) => Payload {
  const urls = { traces: traces && new URL(traces), metrics: metrics && new URL(metrics) };
  const own = { resource: { attributes: keyValues(resourceOf(resource, worker)) } };
  const scope = { name: "signway", version: packageJson.version };
  const all = new Headers();
  for (const [name, value] of headers) all.set(name, value);
  // The runtime would ask for an encoding that is not decoded here.
  all.set("accept-encoding", "identity");
  all.set("user-agent", `signway/${packageJson.version}`);
  all.set("content-type", CONTENT_TYPES[protocol]);
  return (signal, body) => {
    const message = wrap(signal, { ...own, scope, body });
    const bytes =
      protocol === "http/json"
        ? new TextEncoder().encode(JSON.stringify(message))
        : encodeProtobuf(message, EXPORT_REQUESTS[signal]);
    return { url: urls[signal] as URL, body: bytes, headers: all };
  };
}

function wrap(
  signal: Signal,
  { resource, scope, body }: { resource: Message; scope: Message; body: Message },
): Message {
  if (signal === "traces") {
    return { resourceSpans: [{ resource, scopeSpans: [{ scope, ...body }] }] };
  }
  return { resourceMetrics: [{ resource, scopeMetrics: [{ scope, ...body }] }] };
}

/** Each process is an instance of its own, or their metrics would overwrite each other. */
function resourceOf(
  resource: Readonly<Record<string, string>>,
  worker: number | undefined,
): Record<string, string> {
  const given = resource["service.instance.id"];
  const suffix = worker === undefined ? "" : `-${worker}`;
  return {
    "service.version": packageJson.version,
    ...resource,
    "service.instance.id": given === undefined ? crypto.randomUUID() : given + suffix,
  };
}
