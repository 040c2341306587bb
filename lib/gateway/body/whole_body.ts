import { GatewayError } from "../problem/gateway_error.ts";
import { watchDeadline } from "../time/deadline.ts";
import { watchForStall } from "../time/stall_watch.ts";
import { GrowingBuffer } from "./growing_buffer.ts";
import { contentLength } from "./message_length.ts";
import { readAtOnce } from "./read_at_once.ts";
import type { Bytes } from "./relay.ts";
import type { BodyBudget, Holder } from "./body_budget.ts";
import { timeFor, type UploadLimits } from "./upload_limits.ts";

/** The limits of a body that is read whole. */
export interface Allowance {
  /** The largest body that is accepted, in bytes. */
  limit: number;
  /** The longest time for reading, in milliseconds. */
  lifetime: number;
  /** Counts its memory. */
  budget: BodyBudget;
  /** The most bytes of all bodies that the budget counts. */
  most: number;
}

// A body that is read at once gets the time for its whole length, even if little of it arrives: up to 4 s
// more than a body that is read in pieces. Also, pieces of a fast client are larger than this.
const SMALL = 4096;

// This many small pieces are normal: a client may write its data in parts.
const USUAL_PIECES = 8;

/**
 * The body of a request that is read whole: its sender is not verified yet, because the signature covers the
 * body, or a policy applies to it.
 */
export class WholeBody implements Holder {
  readonly start: number;
  /** How many bytes have arrived; the declared length when the body is read at once. */
  received = 0;
  completed: number | undefined;
  held = 0;
  index = -1;
  /** The body is complete, and its bytes are being sent. */
  isInUse = false;
  readonly #request: Request;
  readonly #limits: UploadLimits;
  readonly #limit: number;
  readonly #budget: BodyBudget;
  readonly #most: number;
  /** The final deadline, by the clock of the timers. */
  readonly #latest: number;
  #failure: GatewayError | undefined;
  #cancel: (error: GatewayError) => void = () => {};

  /**
   * @param request the request, with its body unread
   * @param limits how slow the client may be
   * @param allowance how large the body may be, and how long reading may take
   */
  constructor(request: Request, limits: UploadLimits, allowance: Allowance) {
    const { maxDuration, timers } = limits;
    this.#request = request;
    this.#limits = limits;
    const { limit, lifetime, budget, most } = allowance;
    this.#limit = limit;
    this.#budget = budget;
    this.#most = most;
    this.start = timers.now();
    this.#latest = this.start + Math.min(lifetime, maxDuration > 0 ? maxDuration * 1000 : Infinity);
  }

  /**
   * Reads the whole body. Its memory is counted until {@link release}.
   *
   * @throws GatewayError `body_too_large`, `request_timeout`, `request_malformed`, or the code of the budget
   */
  async read(): Promise<Bytes> {
    const length = contentLength(this.#request.headers);
    if (length !== undefined && length > this.#limit) throw new GatewayError("body_too_large");
    const isSmall = length !== undefined && length <= SMALL;
    if (isSmall) this.received = length;
    this.#hold(isSmall ? length : 0);
    const unwatch = watchDeadline(
      this.#limits.timers,
      () => Math.min(this.start + timeFor(this.#limits, this.received), this.#latest),
      () => this.end(new GatewayError("request_timeout")),
    );
    try {
      const reading = isSmall ? this.#readAtOnce(length) : this.#readPieces(this.#request.body);
      const bytes = await reading;
      this.completed = this.#limits.timers.now();
      return bytes;
    } catch (error) {
      this.release();
      throw error;
    } finally {
      unwatch();
    }
  }

  /**
   * Counts a body that was read before, for another purpose.
   *
   * @param bytes its length
   * @throws GatewayError `body_too_large`, or the code of the budget
   */
  hold(bytes: number): void {
    if (bytes > this.#limit) throw new GatewayError("body_too_large");
    this.received = bytes;
    this.#hold(bytes);
  }

  /** Stops counting its memory. */
  release(): void {
    this.#budget.release(this);
  }

  /** The error for which it was dropped, if it was. */
  get failure(): GatewayError | undefined {
    return this.#failure;
  }

  /** Drops it, complete or not. */
  end(error: GatewayError): void {
    this.#failure ??= error;
    this.#cancel(this.#failure);
  }

  #readAtOnce(length: number): Promise<Bytes> {
    const { bytes, end } = readAtOnce(this.#request, length);
    this.#cancel = end;
    if (this.#failure) end(this.#failure);
    return bytes;
  }

  async #readPieces(body: ReadableStream<Bytes> | null): Promise<Bytes> {
    const buffer = new GrowingBuffer(this.#limit);
    if (!body) return buffer.bytes();
    const { timers, idleTimeout } = this.#limits;
    const reader = body.getReader();
    this.#cancel = () => void reader.cancel().catch(() => {});
    const stall = watchForStall(timers, idleTimeout, () =>
      this.end(new GatewayError("request_timeout")),
    );
    let smallPieces = 0;
    try {
      for (;;) {
        if (this.#failure) throw this.#failure;
        stall.wait();
        const { done, value } = await reader.read();
        stall.arrived();
        if (this.#failure) throw this.#failure;
        if (done) break;
        this.#append(value, buffer);
        if (value.length < SMALL && ++smallPieces > USUAL_PIECES) await nextTurn();
      }
    } catch (error) {
      const failure =
        error instanceof GatewayError
          ? error
          : new GatewayError("request_malformed", "incomplete body");
      this.end(failure);
      buffer.clear();
      throw failure;
    } finally {
      stall.stop();
    }
    // A verification that is under way then reads nothing, and its result does not count.
    this.#cancel = () => buffer.clear();
    return buffer.bytes();
  }

  #append(piece: Bytes, buffer: GrowingBuffer): void {
    this.received += piece.length;
    if (this.received > this.#limit) throw new GatewayError("body_too_large");
    this.#hold(buffer.capacityWith(piece.length));
    buffer.append(piece);
  }

  #hold(bytes: number): void {
    if (bytes > this.held || this.index < 0) this.#budget.hold(this, bytes, this.#most);
  }
}

// After the pause, all bytes that have arrived are read as one piece. Otherwise a client that sends one byte
// per chunk could block the event loop.
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
