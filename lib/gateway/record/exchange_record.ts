import type { ProblemCode } from "../problem/problems.ts";
import type { Trace } from "./trace.ts";

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

/** The further members of the record of a WebSocket. */
export interface SocketRecord {
  /** Messages that were sent to the upstream. */
  messagesIn: number;
  /** Messages that were sent to the client. */
  messagesOut: number;
  /** The code of the close frame that the client sent or got; 1005: it had none; 1006: there was no close frame. */
  closeCode: number;
}

/** The record of one exchange. It contains no query, header or signature. */
export interface ExchangeRecord extends Partial<SocketRecord> {
  requestId: string;
  /**
   * The id of the app, or the path of the route. For an unverified request whose app does not exist: the
   * start of the id in the request, escaped.
   */
  app?: string;
  /** The index of the secret that verified the signature; absent when none did. */
  secret?: number;
  method: string;
  /** Scheme, host, port and path of the target. For an unverified request: without the path, escaped. */
  upstream?: string;
  /** The host of the rule that allowed it; `any` for a rule without a URL. Absent: it was not forwarded. */
  rule?: string;
  status: number;
  /** The claim `jti` of the token, escaped. */
  tokenId?: string;
  /** The claim `sub` of the token, escaped. */
  subject?: string;
  code?: ProblemCode;
  /** A further explanation, only for the log: never a URL, a header or a secret. */
  reason?: string;
  /** The status with which the upstream refused the operator's credential, 401 or 403. Absent: it did not. */
  credentialRefused?: number;
  /** The upstream's id of the request, from its `X-Request-Id`. */
  upstreamRequestId?: string | undefined;
  /**
   * The model that answered, as the provider names it; absent for a name that is not safe for a log. This and the
   * following: absent without a report.
   */
  model?: string;
  /** The name of this model in the table of prices, which nobody outside chooses; absent when it has no price. */
  pricedAs?: string;
  /** All input tokens, as the provider reported them. */
  inputTokens?: number;
  /** All output tokens. */
  outputTokens?: number;
  /** Input tokens that were read from a cache. */
  cachedTokens?: number;
  /** Output tokens of reasoning. */
  reasoningTokens?: number;
  /** Their cost in US dollars; absent when a price is not known. */
  costUsd?: number;
  /** Bytes of the request body, or of the messages of a WebSocket, that were sent to the upstream. */
  bytesIn: number;
  /** Bytes of the upstream's body, or of the messages of a WebSocket, that were sent to the client. */
  bytesOut: number;
  /** Milliseconds until the signature was verified; absent when it was not. */
  verifyMs?: number;
  /** Milliseconds until the response's head was ready. */
  headMs: number;
  /** Milliseconds until the end. */
  durationMs: number;
  outcome: Outcome;
  /** Its trace; absent where no telemetry is exported. Not for the log. */
  trace?: Trace;
}

/** Receives every exchange: the log, the metrics, or a program that embeds the gateway. */
export interface Observer {
  /** Called when an exchange starts, with its record, which is completed while the exchange runs. */
  begin?: (record: Readonly<ExchangeRecord>) => void;
  /** Called once with the complete record, when the exchange has ended, whatever the outcome. */
  end: (record: Readonly<ExchangeRecord>) => void;
}
