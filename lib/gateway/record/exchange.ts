import type { App } from "../model/app.ts";
import type { Timer, TimerWheel } from "../time/timer_wheel.ts";
import type { Hooks } from "../hooks.ts";
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

/** Settings of {@link Exchange}. */
export interface ObserveOptions extends Pick<Hooks, "onBytes"> {
  /** A monotonic clock in milliseconds. */
  ticks: () => number;
  timers: TimerWheel;
  /** Called when an exchange begins. */
  onBegin?: () => void;
  /** Receives the record, once. */
  onRecord: (record: ExchangeRecord) => void;
  /** Receives what a hook threw. */
  onError: (error: unknown, requestId: string) => void;
}

/** One exchange while it runs. It hands over its record when it ends, however it ends. */
export class Exchange {
  /** Filled in as things become known. */
  readonly record: ExchangeRecord;
  readonly #options: ObserveOptions;
  readonly #start: number;
  #app: App | undefined;
  readonly #brief: Timer;
  #onEnd: (() => void)[] | undefined;
  #onLasting: (() => void)[] | undefined;
  #isBrief = true;
  #isOpen = true;

  /**
   * @param request the inbound request
   * @param options the clock, and who receives the record
   */
  constructor(request: Request, options: ObserveOptions) {
    this.#options = options;
    this.#start = options.ticks();
    options.onBegin?.();
    this.record = {
      request_id: wellFormedId(request.headers.get("x-request-id")) ?? crypto.randomUUID(),
      method: request.method,
      status: 0,
      bytes_in: 0,
      bytes_out: 0,
      ttfb_ms: 0,
      duration_ms: 0,
      outcome: "complete",
    };
    this.#brief = options.timers.start(() => this.#last(), 0);
  }

  /** Who signed, once that is verified. */
  get app(): App | undefined {
    return this.#app;
  }

  /** The signature is right. */
  identify(app: App): void {
    this.#app = app;
    this.record.app = app.id;
    this.record.verify_ms = this.#elapsed();
  }

  /** Called when it ends. */
  onEnd(callback: () => void): void {
    (this.#onEnd ??= []).push(callback);
  }

  /**
   * Called once it has lasted for some 50 ms, at once if it has. Most never do, and are spared what only
   * the others need.
   */
  onLasting(callback: () => void): void {
    if (this.#isBrief) (this.#onLasting ??= []).push(callback);
    else callback();
  }

  /** The response's head is ready. */
  markHead(status: number): void {
    this.record.status = status;
    this.record.ttfb_ms = this.#elapsed();
  }

  /** It ended. Only the first call counts. */
  end(outcome: Outcome): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.record.outcome = outcome;
    this.record.duration_ms = this.#elapsed();
    this.#options.timers.stop(this.#brief);
    if (this.#onEnd) for (const callback of this.#onEnd) callback();
    this.#options.onRecord(this.record);
    const { onBytes } = this.#options;
    if (this.#app && onBytes) void this.#tellBytes(this.#app.id, onBytes);
  }

  #last(): void {
    this.#isBrief = false;
    if (this.#onLasting) for (const callback of this.#onLasting) callback();
  }

  async #tellBytes(id: string, onBytes: NonNullable<Hooks["onBytes"]>): Promise<void> {
    const { bytes_in, bytes_out, request_id } = this.record;
    try {
      await onBytes(id, { in: bytes_in, out: bytes_out });
    } catch (error) {
      this.#options.onError(error, request_id);
    }
  }

  #elapsed(): number {
    return Math.round((this.#options.ticks() - this.#start) * 100) / 100;
  }
}

/** A request id, if it is one that a log can hold. */
export function wellFormedId(text: string | null): string | undefined {
  return text !== null && /^[\w.:+=/-]{1,128}$/.test(text) ? text : undefined;
}

/** A URL as the log may show it. */
export function withoutQuery(url: URL): string {
  return url.origin + url.pathname;
}
