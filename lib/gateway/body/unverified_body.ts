import { GatewayError } from "../problem/gateway_error.ts";
import { watchDeadline } from "../time/deadline.ts";
import { watchForStall } from "../time/stall_watch.ts";
import { GrowingBuffer } from "./growing_buffer.ts";
import { contentLength } from "./message_length.ts";
import { readAtOnce } from "./read_at_once.ts";
import type { Bytes } from "./relay.ts";
import type { Holder } from "./unverified_budget.ts";
import { timeFor, type UploadLimits } from "./upload_limits.ts";

/** What one body may take before its sender is verified. */
export interface Allowance {
  /** The largest body that is accepted, in bytes. */
  limit: number;
  /** How long it may take at most, in milliseconds. */
  lifetime: number;
}

// A body that is read at once gets the time that it takes as a whole, however little of it comes: up to 4 s
// more than one that is followed. Pieces of a client in a hurry are larger, too.
const SMALL = 4096;

// So many small pieces are nothing unusual: a client writes what it has, and an end.
const USUAL_PIECES = 8;

/** The body of a request whose sender is not verified yet, for the signature covers the body. */
export class UnverifiedBody implements Holder {
  readonly start: number;
  /** How many bytes have come; all of them of a body that is read at once. */
  received = 0;
  held = 0;
  index = -1;
  readonly #request: Request;
  readonly #limits: UploadLimits;
  readonly #limit: number;
  /** By the clock of the timers: when time is up, whatever comes. */
  readonly #latest: number;
  #failure: GatewayError | undefined;
  #cancel: (error: GatewayError) => void = () => {};

  /**
   * @param request whose body nobody has read
   * @param limits how slow its client may be
   * @param allowance how long and how large the body may be
   */
  constructor(request: Request, limits: UploadLimits, { limit, lifetime }: Allowance) {
    const { maxDuration, timers } = limits;
    this.#request = request;
    this.#limits = limits;
    this.#limit = limit;
    this.start = timers.now();
    this.#latest = this.start + Math.min(lifetime, maxDuration > 0 ? maxDuration * 1000 : Infinity);
  }

  /**
   * Reads all of it. Its memory is counted until it is released.
   *
   * @throws GatewayError `body_too_large`, `request_timeout`, `request_malformed`, `unverified_limit`
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
      return await reading;
    } catch (error) {
      this.release();
      throw error;
    } finally {
      unwatch();
    }
  }

  /** It is no longer counted. */
  release(): void {
    this.#limits.unverified.release(this);
  }

  /** Why it was given up, if it was. */
  get failure(): GatewayError | undefined {
    return this.#failure;
  }

  /** Gives it up, complete or not. */
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
        error instanceof GatewayError ? error : new GatewayError("request_malformed", "cut body");
      this.end(failure);
      buffer.clear();
      throw failure;
    } finally {
      stall.stop();
    }
    // What verifies it meanwhile finds nothing, and its result does not count.
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
    const { unverified, maxUnverified } = this.#limits;
    if (bytes > this.held || this.index < 0) unverified.hold(this, bytes, maxUnverified);
  }
}

// What has come meanwhile is then read as one piece. Without a pause a client that sends a byte in each
// chunk would have the event loop to itself.
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
