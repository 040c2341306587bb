import { z } from "zod";
import { app, cors, limits, route } from "./schema_rules.ts";
import { bytes, count, DAY, file, seconds } from "./schema_values.ts";

/** The levels of the log, from the most to the fewest lines. */
export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

const HOST_PORT = /^(\[[0-9a-f:.]+\]|[\w.-]*):\d{1,5}$/i;

function hasPossiblePort(address: string): boolean {
  return !(Number(/:(\d{1,5})$/.exec(address)?.[1]) > 65_535);
}

/** The configuration file. Types, messages and the JSON Schema all come from here. */
export const configSchema = z.strictObject({
  $schema: z.string().optional().describe("For editors."),
  listen: z
    .string()
    .regex(HOST_PORT, "HOST:PORT, such as 0.0.0.0:3000 or :3000")
    .refine(hasPossiblePort, "must have a port up to 65535")
    .default(":3000")
    .describe("HOST:PORT; without a host, all interfaces."),
  public_path: z
    .string()
    .regex(/^\/[^?#\s]*$/, "a path, such as /signway")
    .default("/")
    .describe("The path prefix that a reverse proxy in front has stripped."),
  max_expires: seconds(3650 * DAY)
    .default(7 * DAY)
    .describe("The longest life of a signed URL, in seconds."),
  clock_skew: seconds(DAY)
    .default(300)
    .describe("How far ahead a signer's clock may be, in seconds."),
  max_signed_body: bytes
    .default(10 * 1024 * 1024)
    .describe("The largest body that is read to verify it."),
  sse_heartbeat: seconds(DAY)
    .default(15)
    .describe("Seconds of silence after which an event stream gets a comment; 0 = never."),
  head_timeout: limits.head_timeout.default(600),
  connect_timeout: seconds(DAY)
    .default(10)
    .describe("Seconds to wait for a connection to an upstream; 0 = no limit."),
  idle_timeout: seconds(DAY)
    .default(600)
    .describe("Seconds of silence after which an answer is given up; 0 = never."),
  upload_idle_timeout: seconds(DAY)
    .default(60)
    .describe("Seconds that a request's body may stall; 0 = no limit."),
  max_duration: seconds(DAY)
    .default(0)
    .describe("Seconds that an exchange may last; 0 = no limit."),
  max_connections: limits.max_connections,
  at_most_once: z
    .boolean()
    .default(false)
    .describe("Whether no pooled connection is used for methods that the runtime would repeat."),
  workers: z
    .union([count, z.literal("auto")], { message: "a whole number, 1 or more, or auto" })
    .default(1)
    .describe("Processes that share the port; auto = one a core."),
  admin: z
    .string()
    .regex(HOST_PORT, "HOST:PORT, such as 127.0.0.1:9090")
    .refine(hasPossiblePort, "must have a port up to 65535")
    .optional()
    .describe("Where /healthz, /readyz and /metrics are served. Default: nowhere."),
  tls_cert: file.optional().describe("The file with the certificate chain, in PEM."),
  tls_key: file.optional().describe("The file with the certificate's key, in PEM."),
  http3: z.boolean().default(false).describe("With TLS: whether HTTP/3 is served too."),
  upstream_ca: file.optional().describe("A file with further certificates to trust, in PEM."),
  drain: seconds(DAY).default(30).describe("Seconds that running exchanges get at a stop."),
  log_level: z.enum(LOG_LEVELS).default("info"),
  bytes_monitor: z
    .boolean()
    .default(true)
    .describe("Whether the log says how many bytes were transferred."),
  explain: z
    .boolean()
    .default(false)
    .describe("Whether a wrong signature is explained. For development."),
  watch: z
    .boolean()
    .default(true)
    .describe("Whether a change of a file is loaded at once, as SIGHUP does."),
  cors: cors.default({}),
  app: z.array(app).default([]),
  route: z.array(route).default([]),
});

/** A configuration as it is written. */
export type ConfigInput = z.input<typeof configSchema>;

/** A configuration that has been checked, its defaults filled in. */
export type Config = z.output<typeof configSchema>;
