import type { ProblemCode } from "../problem/problems.ts";

/** How an exchange ended. */
export type Outcome =
  | "complete"
  | "preflight"
  | "refused"
  | "client_gone"
  | "upstream_failed"
  | "upstream_truncated"
  | "gateway_stopped"
  | "internal_error";

/** The record of one exchange. It holds no query, no header and no signature. */
export interface ExchangeRecord {
  requestId: string;
  /**
   * The id of the app, or the path of the route. Of an unverified request whose app does not exist: the
   * beginning of what it names, escaped.
   */
  app?: string;
  /** The place of the secret that verified the signature, from 0; absent when none did. */
  secret?: number;
  method: string;
  /** Scheme, host, port and path of the target. Of an unverified request: without the path, escaped. */
  upstream?: string;
  /** The host of the rule under which it was forwarded, `any` for one without; absent: it was not. */
  rule?: string;
  status: number;
  code?: ProblemCode;
  /** The reason for the log alone: never a URL, a header or a secret. */
  reason?: string;
  /** The upstream's own id of the request, from its `X-Request-Id`. */
  upstreamRequestId?: string | undefined;
  /** Bytes of the request's body that went to the upstream. */
  bytesIn: number;
  /** Bytes of the upstream's body that went to the client. */
  bytesOut: number;
  /** Milliseconds until the signature was verified; absent when it was not. */
  verifyMs?: number;
  /** Milliseconds until the response's head was ready. */
  headMs: number;
  /** Milliseconds until the end. */
  durationMs: number;
  outcome: Outcome;
}

/** Told of every exchange: the log, the metrics, a program that embeds the gateway. */
export interface Observer {
  /** Called when an exchange begins, with the record as it grows. */
  begin?: (record: Readonly<ExchangeRecord>) => void;
  /** Called once with the record, when the exchange has ended, however it ended. */
  end: (record: Readonly<ExchangeRecord>) => void;
}
