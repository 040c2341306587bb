import type { ProblemCode } from "../problem/problems.ts";
import type { Timer, TimerWheel } from "../time/timer_wheel.ts";
import { claimedId, claimedOrigin } from "./claimed_text.ts";
import type { ExchangeRecord, Observer, Outcome } from "./exchange_record.ts";
import { wellFormedId } from "./request_id.ts";

/** Settings of {@link Exchange}. */
export interface ExchangeOptions {
  /** A monotonic clock in milliseconds. */
  ticks: () => number;
  timers: TimerWheel;
  observer: Observer;
}

/** What an unverified request says of itself. */
export interface Claim {
  id?: string | undefined;
  target?: string | undefined;
  /** Whether there is an app of this id. */
  known: boolean;
}

/** One exchange while it runs. It hands its record to the observer when it ends, however it ends. */
export class Exchange {
  readonly #record: ExchangeRecord;
  readonly #options: ExchangeOptions;
  readonly #start: number;
  readonly #shortRun: Timer;
  #onEnd: (() => void)[] | undefined;
  #onLongRunning: (() => void)[] | undefined;
  #isLongRunning = false;
  #isOpen = true;

  /**
   * @param request the inbound request
   * @param options the clock, the timers and the observer
   */
  constructor({ headers, method }: Request, options: ExchangeOptions) {
    this.#options = options;
    this.#start = options.ticks();
    this.#record = {
      requestId: wellFormedId(headers.get("x-request-id")) ?? crypto.randomUUID(),
      method,
      status: 0,
      bytesIn: 0,
      bytesOut: 0,
      headMs: 0,
      durationMs: 0,
      outcome: "complete",
    };
    options.observer.begin?.(this.#record);
    this.#shortRun = options.timers.start(() => this.#becomeLongRunning(), 0);
  }

  /** The id under which the log has this exchange. */
  get requestId(): string {
    return this.#record.requestId;
  }

  /** Whether the request went to an upstream, or began to. */
  get isForwarded(): boolean {
    return this.#record.rule !== undefined;
  }

  /** The bytes of the request's body that have gone to the upstream. */
  get bytesIn(): number {
    return this.#record.bytesIn;
  }

  /** How long it has lasted, in milliseconds. */
  get age(): number {
    return this.#options.ticks() - this.#start;
  }

  /** Calls back when the exchange ends. */
  onEnd(callback: () => void): void {
    (this.#onEnd ??= []).push(callback);
  }

  /**
   * Calls back once the exchange has lasted for some 50 ms; at once if it has. Most exchanges never do,
   * and are spared the work that only long ones need.
   */
  onLongRunning(callback: () => void): void {
    if (this.#isLongRunning) callback();
    else (this.#onLongRunning ??= []).push(callback);
  }

  /**
   * The request is authenticated.
   *
   * @param id of the principal
   * @param target the URL that the request is for; the record leaves its query out
   * @param secret the place of the secret that verified
   */
  authenticated(id: string, target: URL, secret?: number): void {
    this.#record.app = id;
    if (secret !== undefined) this.#record.secret = secret;
    this.#record.verifyMs = this.#elapsed();
    this.#record.upstream = withoutQuery(target);
  }

  /**
   * Notes what an unverified request claims.
   *
   * @param claim the app's id, which is `known` when there is such an app, and the target
   */
  claimed({ id, target, known }: Claim): void {
    if (id) this.#record.app = known ? id : claimedId(id);
    const origin = target === undefined ? undefined : claimedOrigin(target);
    if (origin !== undefined) this.#record.upstream = origin;
  }

  /**
   * The request goes to its upstream.
   *
   * @param host of the rule that allows it; `any` for one without
   */
  forwarded(host: string): void {
    this.#record.rule = host;
  }

  /** So many bytes of the request's body went to the upstream. */
  received(count: number): void {
    this.#record.bytesIn += count;
  }

  /** So many bytes of the upstream's body went to the client. */
  sent(count: number): void {
    this.#record.bytesOut += count;
  }

  /** The upstream has responded, with this `X-Request-Id`. */
  upstreamResponded(upstreamRequestId: string | null): void {
    this.#record.upstreamRequestId = wellFormedId(upstreamRequestId);
  }

  /** The head of the response is ready. */
  headReady(status: number): void {
    this.#record.status = status;
    this.#record.headMs = this.#elapsed();
  }

  /**
   * The exchange has failed.
   *
   * @param code what the client is told
   * @param reason what the log is told besides
   */
  failed(code: ProblemCode, reason?: string): void {
    this.#record.code = code;
    if (reason !== undefined) this.#record.reason = reason;
  }

  /** The exchange has ended. Only the first call counts. */
  end(outcome: Outcome): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#record.outcome = outcome;
    this.#record.durationMs = this.#elapsed();
    this.#options.timers.stop(this.#shortRun);
    if (this.#onEnd) for (const callback of this.#onEnd) callback();
    this.#options.observer.end(this.#record);
  }

  #becomeLongRunning(): void {
    this.#isLongRunning = true;
    if (this.#onLongRunning) for (const callback of this.#onLongRunning) callback();
  }

  #elapsed(): number {
    return Math.round(this.age * 100) / 100;
  }
}

function withoutQuery(url: URL): string {
  return url.origin + url.pathname;
}
