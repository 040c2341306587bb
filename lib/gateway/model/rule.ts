/** A header that the gateway adds; it replaces whatever the caller sent under that name. */
export type InjectedHeader = readonly [name: string, value: string];

/** What an operator may restrict, beside the targets. */
export interface Limits {
  /** The largest request body, in bytes. Default: none. */
  maxBody?: number;
  /** Concurrent exchanges. Default: no limit. */
  maxConnections?: number;
}

/**
 * Which targets an app may call, and the headers that they get. A setting of a rule has no effect
 * elsewhere, such as among the options of `createGateway`.
 */
export interface UpstreamRule extends Limits {
  /**
   * The URL that targets must lie under: scheme, host and port, and a path prefix that ends at a `/`
   * boundary. Absent: any public target.
   */
  url?: URL;
  /** Added to every request that goes there, and to no other. */
  headers: readonly InjectedHeader[];
  /** Methods that the rule is for. Default: all. */
  methods?: readonly string[];
  /** Without a `url`: whether loopback, private and other non-public addresses may be called too. */
  allowPrivate?: boolean;
  /** Seconds to wait for the head of the response; 0 = no limit. Default: the gateway's. */
  headTimeout?: number;
  /** Seconds of silence after which the answer is given up; 0 = never. Default: the gateway's. */
  idleTimeout?: number;
  /** Whether `Set-Cookie` reaches the client, on the gateway's origin. Default: no. */
  keepCookies?: boolean;
  /** Whether the upstream decides if and for how long its responses are stored. Default: no. */
  keepCaching?: boolean;
  /** Whose API it is. Default: by the target's host, if it is a known one. */
  provider?: "openai" | "azure" | "anthropic" | "google";
  /** What a heartbeat in an event stream is. Default: what the provider's clients can read. */
  heartbeat?: "comment" | "newline";
}
