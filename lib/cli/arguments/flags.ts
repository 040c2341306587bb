/** One option of the command line. */
export interface Flag {
  group: string;
  /** What stands for the value in the help; absent: a switch. */
  value?: string;
  short?: string;
  /** Whether it may be given several times. */
  many?: true;
  /** One or more sentences; the help wraps them. */
  help: string;
}

/** The options of a command, by their names without dashes. */
export type Flags = Readonly<Record<string, Flag>>;

/** Every option of `signway serve`, in the order of the help. */
export const SERVE_FLAGS = {
  config: {
    group: "Configuration",
    value: "FILE",
    help: "Apps, routes and settings, in TOML, YAML or JSON. A flag wins over the file. SIGHUP loads it again.",
  },
  "no-watch": {
    group: "Configuration",
    help: "Load the file again on SIGHUP only, not when it changes.",
  },
  header: {
    group: "Upstreams",
    short: "H",
    value: "'NAME: VALUE'",
    many: true,
    help: "Add this header to every forwarded request, replacing what the caller sent. -h does the same when a value with a colon follows.",
  },
  upstream: {
    group: "Upstreams",
    value: "URL",
    many: true,
    help: "Allow only targets under this URL: its scheme, host, port and path. Without it, any public address.",
  },
  "allow-private-upstreams": {
    group: "Upstreams",
    help: "Without --upstream, allow loopback, private and link-local targets too.",
  },
  "upstream-ca": {
    group: "Upstreams",
    value: "FILE",
    help: "Trust the certificates in this PEM file too.",
  },
  "at-most-once": {
    group: "Upstreams",
    help: "Use no pooled connection for methods that the runtime would send again on a dead one.",
  },
  "sse-heartbeat": {
    group: "Upstreams",
    value: "SECONDS",
    help: "Send a comment into an event stream that is silent for so long. Default 15; 0 = never.",
  },
  host: { group: "Listening", value: "ADDRESS", help: "Default: all interfaces." },
  port: {
    group: "Listening",
    value: "PORT",
    help: "Default: the environment variable PORT, else 3000; 0 = any free one.",
  },
  "tls-cert": {
    group: "Listening",
    value: "FILE",
    help: "Serve https, HTTP/2 included, with this certificate chain in PEM. SIGHUP reads it again.",
  },
  "tls-key": { group: "Listening", value: "FILE", help: "The certificate's key in PEM." },
  http3: { group: "Listening", help: "With TLS: serve HTTP/3 on the same port too." },
  admin: {
    group: "Listening",
    value: "HOST:PORT",
    help: "Serve /healthz, /readyz and /metrics there. Default: nowhere.",
  },
  workers: {
    group: "Listening",
    value: "N",
    help: "Processes that share the port; auto = one a core. Default 1.",
  },
  "public-path": {
    group: "Listening",
    value: "PATH",
    help: "The path prefix that a reverse proxy in front has stripped. Default /.",
  },
  "connect-timeout": {
    group: "Limits",
    value: "SECONDS",
    help: "Wait so long for a connection to an upstream. Default 10; 0 = no limit.",
  },
  "head-timeout": {
    group: "Limits",
    value: "SECONDS",
    help: "Wait so long for an upstream to begin its answer. Default 600; 0 = no limit.",
  },
  "idle-timeout": {
    group: "Limits",
    value: "SECONDS",
    help: "Give up an answer that is silent for so long. Default 600; 0 = no limit.",
  },
  "upload-idle-timeout": {
    group: "Limits",
    value: "SECONDS",
    help: "Give up a request whose body stalls for so long. Default 60; 0 = no limit.",
  },
  "max-duration": {
    group: "Limits",
    value: "SECONDS",
    help: "End an exchange that lasts longer. Default 0 = no limit.",
  },
  "max-connections": {
    group: "Limits",
    value: "N",
    help: "Concurrent exchanges; beyond them 503 with Retry-After. Default: no limit.",
  },
  drain: {
    group: "Limits",
    value: "SECONDS",
    help: "What running exchanges get when SIGTERM or SIGINT arrives. Default 30.",
  },
  "max-expires": {
    group: "Signatures",
    value: "SECONDS",
    help: "The longest life that a signed URL may have. Default 604800, a week.",
  },
  "clock-skew": {
    group: "Signatures",
    value: "SECONDS",
    help: "How far ahead a signer's clock may be. Default 300.",
  },
  "max-signed-body": {
    group: "Signatures",
    value: "BYTES",
    help: "The largest body that is read to verify it. Default 10485760.",
  },
  explain: {
    group: "Signatures",
    help: "Answer a signature that does not match with the canonical request and the string to sign. For development.",
  },
  "access-control-allow-origin": {
    group: "Browsers (CORS)",
    value: "LIST",
    help: "Origins whose pages may read the answers, separated by commas. Default: any.",
  },
  "access-control-allow-methods": {
    group: "Browsers (CORS)",
    value: "LIST",
    help: "Methods that they may use. Default: any.",
  },
  "access-control-allow-headers": {
    group: "Browsers (CORS)",
    value: "LIST",
    help: "Headers that they may send. Default: whichever they ask for.",
  },
  "log-level": {
    group: "Logging",
    value: "LEVEL",
    help: "debug, info, warn, error or silent. Default info.",
  },
  "no-bytes-monitor": {
    group: "Logging",
    help: "Leave the transferred bytes out of the log.",
  },
  help: { group: "Help", help: "Show this text. -h alone does the same." },
  version: { group: "Help", short: "V", help: "Show the version." },
} as const satisfies Flags;

/** The name of an option of `signway serve`, without its dashes. */
export type FlagName = keyof typeof SERVE_FLAGS;

/** Every option of `signway check`. */
export const CHECK_FLAGS = {
  schema: {
    group: "Options",
    help: "Print the JSON Schema of the configuration file, for editors.",
  },
  help: { group: "Options", help: "Show this text." },
} as const satisfies Flags;

/** Every option of `signway health`. */
export const HEALTH_FLAGS = {
  help: { group: "Options", help: "Show this text." },
} as const satisfies Flags;
