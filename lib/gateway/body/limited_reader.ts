import { GatewayError } from "../problem/gateway_error.ts";
import type { StallWatch } from "../time/stall_watch.ts";
import type { TimerWheel } from "../time/timer_wheel.ts";
import type { ByteMeter } from "./byte_meter.ts";
import { PieceParts } from "./piece_parts.ts";
import type { BodyReader, Bytes, OpenBody, Piece } from "./relay.ts";

/**
 * The pause before each of several last pieces. Some clients recognise the error only if it arrives by
 * itself.
 */
const PAUSE_MS = 400;

const DONE: Piece = { done: true, value: undefined };

/** Splits an event stream into what is passed on whole or not at all. */
export interface Splitter {
  push: (bytes: Bytes) => Bytes[];
  /** Whether one was too long to be held. From then on, `push` returns all bytes as they come. */
  readonly isExceeded: boolean;
  /** What is left at the end of the stream. */
  end: () => Bytes;
}

/** How an event stream ends early. */
export interface StreamEnd {
  splitter: Splitter;
  /** What it ends in, in place of the rest. */
  lastPieces: (error: GatewayError) => readonly Bytes[];
}

/** The limits of a body, and what is called as it is read. */
export interface ReaderLimits {
  /** Absent: bytes are not counted. */
  meter?: ByteMeter | undefined;
  /**
   * How an event stream ends early. Absent: a body that ends early ends with an error, which the client sees as a broken
   * response.
   */
  streamEnd?: StreamEnd | undefined;
  /** Whether the body may go on. It is asked before each piece. */
  isHeld: () => boolean;
  /** Watches the source. */
  stall: StallWatch;
  timers: TimerWheel;
  /** Bytes of the source are passed on. */
  onPass: (count: number) => void;
  /** The body ends early. The source is not read any more. */
  onEnd: (error: GatewayError) => void;
}

/**
 * Reads a body as far as its limits allow. An event stream ends between two events: an event is passed on when all of
 * it has arrived and may be sent. After an event that is too long to be held, the body is like any other.
 */
export class LimitedReader implements BodyReader {
  readonly #source: OpenBody;
  readonly #limits: ReaderLimits;
  readonly #splitter: Splitter | undefined;
  readonly #parts: PieceParts | undefined;
  #first: Promise<Piece> | undefined;
  /** What has arrived and is not passed on yet. */
  readonly #arrived: Bytes[] = [];
  #isSourceDone = false;
  #hasBegun = false;
  #hasEnded = false;
  #error: GatewayError | undefined;
  #last: readonly Bytes[] | undefined;
  /** How many of the last pieces are passed on. */
  #lastCount = 0;
  #interrupt: (() => void) | undefined;

  /**
   * @param source the body
   * @param limits the limits, and what is called
   */
  constructor(source: OpenBody, limits: ReaderLimits) {
    this.#source = source;
    this.#first = source.first;
    this.#limits = limits;
    this.#splitter = limits.streamEnd?.splitter;
    if (this.#splitter) this.#parts = new PieceParts();
  }

  /** The reason for which the body ended early. Absent: it has not. */
  get error(): GatewayError | undefined {
    return this.#error;
  }

  /** Whether the client has got the head of the response. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Told that the client has got the head of the response. Before that, the body can end only with the error itself. */
  begin(): void {
    this.#hasBegun = true;
  }

  async read(): Promise<Piece> {
    return (await this.#next()) ?? (await this.#nextOfEnd());
  }

  cancel(reason?: unknown): Promise<void> {
    this.#hasEnded = true;
    return this.#source.reader.cancel(reason);
  }

  /** Ends the body early, also while it waits for its source. Only the first call has an effect. */
  end(error: GatewayError): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#error = error;
    this.#limits.onEnd(error);
    this.#interrupt?.();
  }

  /** The next piece of the source. `undefined`: the body ended early. */
  async #next(): Promise<Piece | undefined> {
    while (!this.#error) {
      const waiting = this.#arrived.shift();
      if (waiting) return await this.#pass(waiting);
      if (this.#isSourceDone) {
        this.#hasEnded = true;
        return DONE;
      }
      const piece = await this.#readSource();
      if (piece) this.#take(piece);
    }
    return undefined;
  }

  get #isSplit(): boolean {
    return this.#splitter?.isExceeded === false;
  }

  async #readSource(): Promise<Piece | undefined> {
    const { stall } = this.#limits;
    stall.wait();
    const first = this.#first;
    this.#first = undefined;
    const next = first ?? this.#parts?.next() ?? this.#source.reader.read();
    const piece = await this.#unlessEnded(next);
    stall.arrived();
    return piece && this.#parts ? this.#parts.begin(piece) : piece;
  }

  #take({ done, value }: Piece): void {
    if (done) this.#isSourceDone = true;
    if (value && !this.#splitter) this.#arrived.push(value);
    else if (value) this.#arrived.push(...this.#splitter!.push(value));
    else if (this.#splitter) this.#arrived.push(this.#splitter.end());
  }

  /** Passes a piece on, or as much of it as may be sent; an event whole or not at all. */
  async #pass(piece: Bytes): Promise<Piece | undefined> {
    const { meter, isHeld, onPass } = this.#limits;
    const allowed = meter ? await this.#allowed(meter, piece.length) : piece.length;
    // A process that was stopped may have lost its place meanwhile.
    if (!isHeld()) this.end(new GatewayError("ledger_unavailable", "the lease was lost"));
    if (this.#error) return undefined;
    const count = this.#isSplit && allowed < piece.length ? 0 : allowed;
    if (count < piece.length) this.end(new GatewayError("bytes_exhausted"));
    if (count === 0 && piece.length > 0) return undefined;
    meter?.spend(count);
    onPass(count);
    return { done: false, value: count < piece.length ? piece.subarray(0, count) : piece };
  }

  /** How many bytes may be sent. The limit is asked for more of them first, and the body waits. */
  async #allowed(meter: ByteMeter, count: number): Promise<number> {
    const allowed = meter.allow(count);
    if (!(allowed instanceof Promise)) return allowed;
    try {
      return (await this.#unlessEnded(allowed)) ?? 0;
    } catch {
      this.end(new GatewayError("ledger_unavailable", "no bytes could be drawn"));
      return 0;
    }
  }

  /** The result of a promise, or `undefined` as soon as the body ends early. */
  #unlessEnded<Result>(promise: Promise<Result>): Promise<Result | undefined> {
    return new Promise((resolve, reject) => {
      this.#interrupt = () => resolve(undefined);
      promise.then(resolve, reject);
    });
  }

  async #nextOfEnd(): Promise<Piece> {
    const { streamEnd, timers } = this.#limits;
    if (!streamEnd || !this.#isSplit || !this.#hasBegun) throw this.#error!;
    const pieces = (this.#last ??= streamEnd.lastPieces(this.#error!));
    const piece = pieces[this.#lastCount++];
    if (piece === undefined) return DONE;
    if (pieces.length > 1) await new Promise<void>((resolve) => timers.start(resolve, PAUSE_MS));
    return { done: false, value: piece };
  }
}
