import type { App } from "../gateway/model/app.ts";
import type { CorsPolicy } from "../gateway/model/cors_policy.ts";
import type { Route } from "../gateway/model/route.ts";
import type { PemFiles } from "./read_pem.ts";
import type { Config } from "./schema.ts";

/** Everything that an operator decides, as plain values. Times are in seconds, sizes in bytes. */
export interface Settings {
  /** The address to listen on; empty: all interfaces. */
  host: string;
  port: number;
  apps: readonly App[];
  routes: readonly Route[];
  cors: CorsPolicy;
  /** The path prefix that a reverse proxy in front has stripped. */
  publicPath: string;
  /** The longest life that a URL may have. */
  maxExpires: number;
  /** How far ahead a signer's clock may be. */
  clockSkew: number;
  /** The largest body that is read to verify it. */
  maxSignedBody: number;
  /** Silence after which an event stream gets a comment; 0 = never. */
  sseHeartbeat: number;
  /** The wait for the head of an upstream's response; 0 = no limit. */
  headTimeout: number;
  /** The wait for a connection to an upstream; 0 = no limit. */
  connectTimeout: number;
  /** Silence after which an answer is given up; 0 = never. */
  idleTimeout: number;
  /** How long a request's body may stall; 0 = no limit. */
  uploadIdleTimeout: number;
  /** How long an exchange may last; 0 = no limit. */
  maxDuration: number;
  /** Concurrent exchanges. */
  maxConnections?: number;
  /** Whether no pooled connection is used for methods that the runtime would repeat. */
  atMostOnce: boolean;
  /** Processes that share the port; `auto` = one a core. */
  workers: number | "auto";
  /** Where health and metrics are served. */
  admin?: { host: string; port: number };
  /** Certificate chain and key, in PEM. */
  tls?: { cert: string; key: string };
  http3: boolean;
  /** Further certificates to trust, in PEM. */
  upstreamCa?: string;
  /** What running exchanges get at a stop. */
  drain: number;
  /** Whether a request's log line says how many bytes were transferred. */
  bytesMonitor: boolean;
  logLevel: Config["log_level"];
  /** Whether a signature that does not match is answered with what the gateway computed. */
  explain: boolean;
  /** Whether a change of a file is loaded at once. */
  watch: boolean;
  /** The files that the settings came from, secrets included. */
  files: readonly string[];
}

/**
 * Turns a checked configuration into settings.
 *
 * @param config from the schema
 * @param pem the files that it names, read
 * @param files that it was read from
 */
export function settingsFrom(config: Config, pem: PemFiles, files: readonly string[]): Settings {
  return defined({
    ...hostAndPort(config.listen),
    apps: config.app.map(appFrom),
    routes: config.route.map(routeFrom),
    cors: corsFrom(config.cors),
    publicPath: config.public_path,
    maxExpires: config.max_expires,
    clockSkew: config.clock_skew,
    maxSignedBody: config.max_signed_body,
    sseHeartbeat: config.sse_heartbeat,
    headTimeout: config.head_timeout,
    connectTimeout: config.connect_timeout,
    idleTimeout: config.idle_timeout,
    uploadIdleTimeout: config.upload_idle_timeout,
    maxDuration: config.max_duration,
    maxConnections: config.max_connections,
    atMostOnce: config.at_most_once,
    workers: config.workers,
    admin: config.admin === undefined ? undefined : hostAndPort(config.admin),
    tls:
      pem.cert !== undefined && pem.key !== undefined
        ? { cert: pem.cert, key: pem.key }
        : undefined,
    http3: config.http3,
    upstreamCa: pem.ca,
    drain: config.drain,
    bytesMonitor: config.bytes_monitor,
    logLevel: config.log_level,
    explain: config.explain,
    watch: config.watch,
    files,
  });
}

function hostAndPort(text: string): { host: string; port: number } {
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(text) ?? [];
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

function appFrom({ id, secrets, upstream, cors, ...limits }: Config["app"][number]): App {
  return defined({
    id,
    secrets,
    upstreams: upstream.map(ruleFrom),
    maxExpires: limits.max_expires,
    maxBody: limits.max_body,
    maxConnections: limits.max_connections,
    cors: cors && corsFrom(cors),
  });
}

type RuleConfig = Omit<Config["app"][number]["upstream"][number], "allow_private"> & {
  allow_private?: boolean;
};

function ruleFrom({ url, headers, methods, ...limits }: RuleConfig) {
  return defined({
    url,
    headers,
    methods,
    allowPrivate: limits.allow_private,
    maxBody: limits.max_body,
    maxConnections: limits.max_connections,
    headTimeout: limits.head_timeout,
    idleTimeout: limits.idle_timeout,
    keepCookies: limits.keep_cookies,
  });
}

function routeFrom({ path, upstream, signature, cors, ...limits }: Config["route"][number]): Route {
  const route = defined({
    id: path,
    path,
    upstream,
    upstreams: [ruleFrom({ url: upstream, ...limits })],
    cors: cors && corsFrom(cors),
  });
  if (signature === "none") return route;
  const { secrets, fields, delimiter, hash, headers, timestamp_field, max_age } = signature;
  const scheme = { secrets, fields, delimiter, hash, headers };
  const window = { timestampField: timestamp_field, maxAge: max_age };
  return { ...route, signature: defined({ ...scheme, ...window }) };
}

function corsFrom({ allow_origins, ...cors }: Config["cors"]): CorsPolicy {
  return defined({
    origins: allow_origins?.includes("*") ? undefined : allow_origins,
    methods: cors.allow_methods,
    headers: cors.allow_headers,
    expose: cors.expose_headers,
  });
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Leaves out what is undefined, so that a default can take its place. */
function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
}
