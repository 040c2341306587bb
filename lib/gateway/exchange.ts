import type { App } from "./app.ts";
import type { Hooks } from "./hooks.ts";
import type { ProblemCode } from "./problem.ts";

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

/** Whether the gateway takes requests, turns new ones away, or cuts those that still run. */
export type Phase = "serving" | "draining" | "cutting";

/** What is written of one exchange: no query, no header, no signature. */
export interface ExchangeRecord {
  request_id: string;
  /** As the credential names it; verified unless the outcome is `refused`. */
  app?: string;
  method: string;
  /** Scheme, host, port and path. */
  upstream?: string;
  status: number;
  code?: ProblemCode;
  /** What the log alone is told: never a URL, a header or a secret. */
  reason?: string;
  /** The id that the upstream gave the request, in its own `X-Request-Id`. */
  upstream_request_id?: string | undefined;
  /** Bytes of the request's body that went to the upstream. */
  bytes_in: number;
  /** Bytes of the upstream's body that went to the client. */
  bytes_out: number;
  /** Milliseconds until the signature was verified; absent when it was not. */
  verify_ms?: number;
  /** Milliseconds until the response's head was ready. */
  ttfb_ms: number;
  /** Milliseconds until the end. */
  duration_ms: number;
  outcome: Outcome;
}

/** One exchange while it runs. */
export interface Exchange {
  /** Filled in as things become known. */
  readonly record: ExchangeRecord;
  /** Who signed, once that is verified. */
  readonly app: App | undefined;
  /** The signature is right. */
  identify(app: App): void;
  /** Called when it ends. */
  onEnd(callback: () => void): void;
  /** The response's head is ready. */
  markHead(status: number): void;
  /** It ended. Only the first call counts. */
  end(outcome: Outcome): void;
}

/** Settings of {@link startExchange}. */
export interface ObserveOptions extends Pick<Hooks, "onBytes"> {
  /** A monotonic clock in milliseconds. */
  ticks: () => number;
  /** Called when an exchange begins. */
  onBegin?: () => void;
  /** Receives the record, once. */
  onRecord: (record: ExchangeRecord) => void;
  /** Receives what a hook threw. */
  onError: (error: unknown, requestId: string) => void;
}

/**
 * Observes one exchange and hands over its record when it ends, however it ends.
 *
 * @param request the inbound request
 * @param options the clock, and who receives the record
 */
export function startExchange(
  request: Request,
  { ticks: now, onBegin, onRecord, onBytes, onError }: ObserveOptions,
): Exchange {
  const start = now();
  onBegin?.();
  let app: App | undefined;
  const callbacks: (() => void)[] = [];
  const record: ExchangeRecord = {
    request_id: requestId(request.headers.get("x-request-id")),
    method: request.method,
    status: 0,
    bytes_in: 0,
    bytes_out: 0,
    ttfb_ms: 0,
    duration_ms: 0,
    outcome: "complete",
  };
  let open = true;

  async function tellBytes(id: string, { bytes_in, bytes_out, request_id }: ExchangeRecord) {
    try {
      await onBytes?.(id, { in: bytes_in, out: bytes_out });
    } catch (error) {
      onError(error, request_id);
    }
  }

  return {
    record,
    get app() {
      return app;
    },
    identify(identified) {
      app = identified;
      record.app = app.id;
      record.verify_ms = since(start, now());
    },
    onEnd: (callback) => void callbacks.push(callback),
    markHead(status) {
      record.status = status;
      record.ttfb_ms = since(start, now());
    },
    end(outcome) {
      if (!open) return;
      open = false;
      record.outcome = outcome;
      record.duration_ms = since(start, now());
      for (const callback of callbacks) callback();
      onRecord(record);
      if (app) void tellBytes(app.id, record);
    },
  };
}

function since(start: number, end: number): number {
  return Math.round((end - start) * 100) / 100;
}

function requestId(received: string | null): string {
  return wellFormedId(received) ?? crypto.randomUUID();
}

/** A request id, if it is one that a log can hold. */
export function wellFormedId(text: string | null): string | undefined {
  return text !== null && /^[\w.:+=/-]{1,128}$/.test(text) ? text : undefined;
}

/** A URL as the log may show it. */
export function withoutQuery(url: URL): string {
  return url.origin + url.pathname;
}
