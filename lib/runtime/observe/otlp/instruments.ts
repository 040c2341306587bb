import type { Instrument } from "./histogram.ts";

// The names, units and bounds of https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ and
// https://github.com/open-telemetry/semantic-conventions-genai.

const REQUEST_SECONDS = [
  ...[0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
];
const MODEL_SECONDS = Array.from({ length: 14 }, (_, i) => (2 ** i * 10) / 1000);
const TOKENS = Array.from({ length: 14 }, (_, i) => 4 ** i);

/** Everything that is exported as a metric. */
export const INSTRUMENTS = {
  server: {
    name: "http.server.request.duration",
    description: "Duration of exchanges with clients.",
    unit: "s",
    bounds: REQUEST_SECONDS,
  },
  client: {
    name: "http.client.request.duration",
    description: "Duration of calls to upstreams, with the body of the response.",
    unit: "s",
    bounds: REQUEST_SECONDS,
  },
  tokens: {
    name: "gen_ai.client.token.usage",
    description: "Tokens that providers of models reported.",
    unit: "{token}",
    bounds: TOKENS,
  },
  operation: {
    name: "gen_ai.client.operation.duration",
    description: "Duration of calls of models.",
    unit: "s",
    bounds: MODEL_SECONDS,
  },
  firstChunk: {
    name: "gen_ai.client.operation.time_to_first_chunk",
    description: "Time from sending the request until the first piece of a stream was passed on.",
    unit: "s",
    bounds: MODEL_SECONDS,
  },
} as const satisfies Record<string, Instrument>;
