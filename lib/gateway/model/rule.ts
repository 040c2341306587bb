import type { AccessTokens } from "./access_tokens.ts";
import type { AwsSigning } from "./aws_signing.ts";
import type { CounterLimits, OnAbort } from "./counter_limits.ts";
import type { NamedPolicy } from "./policy.ts";

/** A header that the gateway adds. It replaces the caller's headers of this name. */
export type InjectedHeader = readonly [name: string, value: string];

/** A parameter that the gateway adds to the query. It replaces the caller's parameters of this name, in any spelling. */
export type InjectedParameter = readonly [name: string, value: string];

/** The limits of an app, a route or a rule. */
export interface Limits {
  /** The largest request body, in bytes. Default: no limit. */
  maxBody?: number;
  /** The most concurrent exchanges. Default: no limit. */
  maxConnections?: number;
}

/**
 * Allows targets, and sets the headers that are added to requests to them. A setting of a rule has no
 * effect elsewhere, such as among the options of `createGateway`.
 */
export interface UpstreamRule extends Limits {
  /**
   * The URL that targets must lie under: scheme, host and port, and a path prefix that ends at a `/`
   * boundary. Absent: any public target.
   */
  url?: URL;
  /** Added to each request that this rule allows, and to no other. */
  headers: readonly InjectedHeader[];
  /**
   * Secret parameters that are added to the query of each request that this rule allows. They need a `url`. Default:
   * none.
   */
  query?: readonly InjectedParameter[];
  /** Signs requests with AWS Signature Version 4. It needs a `url`. Default: they are not signed. */
  aws?: AwsSigning;
  /** Adds an access token of OAuth. It needs a `url`. Default: none is added. */
  oauth?: AccessTokens;
  /**
   * Headers and parameters of the caller that are forwarded although they may give commands to the storage or the
   * account of the credential: `x-amz-copy-source` and the like under any rule, all `x-amz-…` under `aws`. In lower
   * case; one that ends in `*` stands for all that begin so. Default: none.
   */
  passHeaders?: readonly string[];
  /** The methods that the rule allows. Default: all. */
  methods?: readonly string[];
  /** Without a `url`: whether loopback, private and other non-public addresses may be called too. */
  allowPrivate?: boolean;
  /** Seconds to wait for the head of the response; 0 = no limit. Default: the gateway's. */
  headTimeout?: number;
  /** Seconds without data after which the response is aborted; 0 = never. Default: the gateway's. */
  idleTimeout?: number;
  /** Whether `Set-Cookie` reaches the client, on the gateway's origin. Default: no. */
  keepCookies?: boolean;
  /** Whether the upstream decides if and for how long its responses are stored. Default: no. */
  keepCaching?: boolean;
  /** The provider of the API. Default: derived from the target's host, if it is a known one. */
  provider?: "openai" | "azure" | "anthropic" | "google" | "vertex" | "bedrock" | "mcp";
  /**
   * Whether a redirect to another origin reaches the holder of a token that is in `Authorization`, which
   * clients do not send along. Default: no.
   */
  redirects?: "pass";
  /** The request header that tells the upstream the verified `sub` of a token. Default: none. */
  subjectHeader?: string;
  /** Policies that apply to every request, also to signed URLs. Default: none. */
  policies?: readonly NamedPolicy[];
  /** Whether its targets may be called by WebSocket. Default: yes, but for a route of a configuration. */
  websocket?: boolean;
  /** Whether the usage of models is read from answers, for the record. Default: yes. */
  usage?: boolean;
  /** The limits that the ledger keeps for all requests under the rule. Default: none. */
  limits?: CounterLimits;
  /**
   * What is charged for an exchange that ends before its usage is reported. It overrides that of tokens and
   * policies. Default: theirs, or else all that was reserved.
   */
  onAbort?: OnAbort;
  /** Whether the upstream gets a `traceparent`, where traces are exported. Default: no. */
  propagate?: boolean;
  /** The form of a heartbeat in an event stream. Default: the form that the provider's clients can read. */
  heartbeat?: "comment" | "newline";
}
