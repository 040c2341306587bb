import { z } from "zod";
import { otlpEndpointMistake } from "../telemetry/otlp_endpoint.ts";
import { OTLP_PROTOCOLS } from "../telemetry/otlp_protocols.ts";
import type { SettingRows } from "./setting_row.ts";
import { headers, text } from "./value_types.ts";

/** The settings of `[otlp]`. Each has an environment variable, which counts where the file says nothing. */
export const OTLP_ROWS = {
  endpoint: {
    type: z.string().superRefine((value, context) => {
      const message = otlpEndpointMistake(value);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    }),
    description: "URL of the collector, to which /v1/traces and /v1/metrics are appended.",
    details: "Default: `OTEL_EXPORTER_OTLP_ENDPOINT`.",
  },
  headers: {
    type: headers,
    description: "Headers of each export, such as the key of the receiver.",
    details: "Default: `OTEL_EXPORTER_OTLP_HEADERS`.",
  },
  protocol: {
    type: z.enum(OTLP_PROTOCOLS),
    description: "Encoding of the exports.",
    details:
      '`"http/protobuf"` or `"http/json"`. Default: `OTEL_EXPORTER_OTLP_PROTOCOL`, or else `"http/protobuf"`.',
  },
  service_name: {
    type: text("a name that is not blank"),
    description: "The attribute service.name of everything that is exported.",
    details: 'Default: `OTEL_SERVICE_NAME`, or else `"signway"`.',
  },
  sample: {
    type: z.number("a number from 0 to 1").min(0).max(1),
    description: "Share of the traces that are exported, from 0 to 1.",
    details:
      "The choice of a caller whose `traceparent` is trusted counts instead. Default: `OTEL_TRACES_SAMPLER`, or else 1.",
  },
} as const satisfies SettingRows;
