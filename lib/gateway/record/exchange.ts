import type { ProblemCode } from "../problem/problems.ts";
import type { Timer } from "../time/timer_wheel.ts";
import { callEach } from "./call_each.ts";
import { claimedId, claimedOrigin } from "./claimed_text.ts";
import type { Claim, ExchangeOptions, VerifiedCredential } from "./exchange_options.ts";
import type { ExchangeRecord, Outcome, SocketRecord } from "./exchange_record.ts";
import { pathWithoutTokens } from "./path_without_tokens.ts";
import { printable } from "./printable.ts";
import { NANO_DOLLARS, type ReportedUsage } from "./reported_usage.ts";
import { wellFormedId } from "./request_id.ts";
import { Trace } from "./trace.ts";

export type { ExchangeOptions } from "./exchange_options.ts";

/** One exchange while it runs. It hands its record to the observer when it ends, however it ends. Then nothing more is recorded. */
export class Exchange {
  readonly #record: ExchangeRecord;
  readonly #options: ExchangeOptions;
  readonly #start: number;
  #shortRun: Timer | undefined;
  #onEnd: (() => void)[] | undefined;
  #onLongRunning: (() => void)[] | undefined;
  #isLongRunning = false;
  #isOpen = true;
  /** Whether observers have the record. They may read it later. */
  #isFinal = false;

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
    const { sampling, ticks } = options;
    if (sampling) this.#record.trace = new Trace(headers.get("traceparent"), ticks, sampling);
    options.observer.begin?.(this.#record);
    this.#shortRun = options.timers.start(() => this.#becomeLongRunning(), 0);
  }

  /** The id of this exchange in the log. */
  get requestId(): string {
    return this.#record.requestId;
  }

  /** The record so far. */
  get record(): Readonly<ExchangeRecord> {
    return this.#record;
  }

  /** Its trace. `undefined`: no telemetry is exported. */
  get trace(): Trace | undefined {
    return this.#record.trace;
  }

  /** Whether the gateway has started to send the request to an upstream. */
  get isForwarded(): boolean {
    return this.#record.rule !== undefined;
  }

  /** Whether the head of the response is ready. */
  get hasHead(): boolean {
    return this.#record.status > 0;
  }

  /** How long it has lasted, in milliseconds. */
  get age(): number {
    return this.#options.ticks() - this.#start;
  }

  /**
   * How long it may still last, in milliseconds.
   *
   * @param maxDuration how long the gateway lets it last, in seconds; 0 = no limit
   * @param seconds how long its grant lets it last. Default: no limit
   */
  timeLeft(maxDuration: number, seconds = Infinity): number {
    const most = Math.min(maxDuration > 0 ? maxDuration : Infinity, seconds);
    return most === Infinity ? Infinity : Math.max(most * 1000 - this.age, 0);
  }

  /** Calls back when the exchange ends, or at once if it has ended. */
  onEnd(callback: () => void): void {
    if (this.#isOpen) (this.#onEnd ??= []).push(callback);
    else callback();
  }

  /**
   * Calls back once the exchange has lasted about 50 ms, or at once if it already has. Most exchanges end
   * before that, which saves them the work that only long ones need.
   */
  onLongRunning(callback: () => void): void {
    if (this.#isLongRunning) callback();
    else (this.#onLongRunning ??= []).push(callback);
  }

  /**
   * Records that the request is authenticated.
   *
   * @param id the id of the principal
   * @param target the URL that the request is for; the record leaves its query out
   * @param credential the place of the secret that verified; of a token, its id and its subject
   */
  authenticated(id: string, target: URL, credential: VerifiedCredential): void {
    const { secret, tokenId, subject } = credential;
    this.#draft.app = id;
    if (secret !== undefined) this.#draft.secret = secret;
    if (tokenId !== undefined) this.#draft.tokenId = printable(tokenId);
    if (subject !== undefined) this.#draft.subject = printable(subject);
    this.#draft.verifyMs = this.#elapsed();
    this.#draft.upstream = target.origin + pathWithoutTokens(target.pathname);
  }

  /**
   * Records the claims of an unverified request.
   *
   * @param claim the id of the app, whether this app exists, and the target
   */
  claimed({ id, target, known }: Claim): void {
    if (id) this.#draft.app = known ? id : claimedId(id);
    const origin = target === undefined ? undefined : claimedOrigin(target);
    // After authentication the record has the path, too.
    if (origin !== undefined) this.#draft.upstream ??= origin;
  }

  /**
   * Records that the request is sent to its upstream.
   *
   * @param host the host of the rule; `any` for a rule without a URL
   */
  forwarded(host: string): void {
    this.#draft.rule = host;
  }

  /**
   * Records what the provider of a model reported.
   *
   * @param usage the report
   * @param costNanoDollars what it costs, in nano-dollars. Default: it cannot be told
   */
  used(usage: ReportedUsage, costNanoDollars?: number): void {
    const { model, input, output, cached, reasoning, pricedAs } = usage;
    // A caller may have chosen it, and written anything.
    const name = wellFormedId(model ?? null);
    if (name !== undefined) this.#draft.model = name;
    if (pricedAs !== undefined) this.#draft.pricedAs = pricedAs;
    this.#draft.inputTokens = input;
    this.#draft.outputTokens = output;
    if (cached !== undefined) this.#draft.cachedTokens = cached;
    if (reasoning !== undefined) this.#draft.reasoningTokens = reasoning;
    if (costNanoDollars !== undefined) this.#draft.costUsd = costNanoDollars / NANO_DOLLARS;
  }

  /** Adds to the bytes of the request body that were sent to the upstream. */
  received(count: number): void {
    this.#draft.bytesIn += count;
  }

  /** Adds to the bytes of the response body that were sent to the client. */
  sent(count: number): void {
    this.#draft.bytesOut += count;
    this.#draft.trace?.passed();
  }

  /** Records the `X-Request-Id` of the upstream's response. */
  upstreamResponded(upstreamRequestId: string | null): void {
    this.#draft.upstreamRequestId = wellFormedId(upstreamRequestId);
  }

  /** Records the status with which the upstream refused the operator's credential. */
  credentialRefused(status: number): void {
    this.#draft.credentialRefused = status;
  }

  /** Records how a WebSocket ended: the code of its close frame, and the messages that were passed on. */
  socketClosed(closed: SocketRecord): void {
    Object.assign(this.#draft, closed);
  }

  /** Records that the head of the response is ready. */
  headReady(status: number): void {
    this.#draft.status = status;
    this.#draft.headMs = this.#elapsed();
  }

  /**
   * Records a failure.
   *
   * @param code the code in the response
   * @param reason a further explanation for the log; never a URL, a header or a secret
   */
  failed(code: ProblemCode, reason?: string): void {
    this.#draft.code = code;
    if (reason !== undefined) this.#draft.reason = reason;
  }

  /**
   * Records something about an exchange that is not a failure of the gateway.
   *
   * @param reason only for the log; never a URL, a header or a secret
   */
  noted(reason: string): void {
    this.#draft.reason = reason;
  }

  /** Ends the exchange. Further calls do nothing. */
  end(outcome: Outcome): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#record.outcome = outcome;
    this.#record.durationMs = this.#elapsed();
    const { observer, onError, timers } = this.#options;
    timers.stop(this.#shortRun);
    if (this.#onEnd) for (const error of callEach(this.#onEnd)) onError(error, this.requestId);
    this.#isFinal = true;
    try {
      observer.end(this.#record);
    } catch (error) {
      onError(error, this.requestId);
    }
  }

  /** A stream may be open for long, and keeps nothing of what was for this moment. */
  #becomeLongRunning(): void {
    const waiting = this.#onLongRunning ?? [];
    this.#shortRun = undefined;
    this.#onLongRunning = undefined;
    this.#isLongRunning = true;
    for (const callback of waiting) callback();
  }

  /** The record. After the end it is a copy of it that nobody reads. */
  get #draft(): ExchangeRecord {
    return this.#isFinal ? { ...this.#record } : this.#record;
  }

  #elapsed(): number {
    return Math.round(this.age * 100) / 100;
  }
}
