import { GatewayError } from "../problem/gateway_error.ts";
import { watchForStall } from "../time/stall_watch.ts";
import { contentLength, SMALL_BODY } from "./message_length.ts";
import { readAtOnce } from "./read_at_once.ts";
import { openBody } from "./reader_stream.ts";
import { type Bytes, relay } from "./relay.ts";
import { WholeBody } from "./whole_body.ts";
import { MAX_CHECKED_BYTES, timeFor, type UploadLimits } from "./upload_limits.ts";

/** The callbacks of an outbound body. */
export interface UploadEvents {
  /** Bytes are sent. */
  onBytes: (count: number) => void;
  /** The client has stalled for too long. */
  onStall: () => void;
  /** Registers a callback for the end of the exchange, whatever the outcome. */
  onEnd: (callback: () => void) => void;
}

/** The body of an inbound request. No other code reads it. */
export class RequestBody {
  readonly #request: Request;
  readonly #limits: UploadLimits;
  #bytes: Bytes | undefined;
  /** How many bytes the client sent, if others are sent instead. */
  #received: number | undefined;
  #unverified: WholeBody | undefined;
  #checked: WholeBody | undefined;

  /**
   * @param request the inbound request, with its body unread
   * @param limits how slow the client may be
   */
  constructor(request: Request, limits: UploadLimits) {
    this.#request = request;
    this.#limits = limits;
  }

  /** The length in bytes as the client sends it, if it is known beforehand. */
  get length(): number | undefined {
    return this.#received ?? this.#bytes?.length ?? contentLength(this.#request.headers);
  }

  /** The whole body, if it has been read or replaced. */
  get known(): Bytes | undefined {
    return this.#bytes;
  }

  /** Whether a body can be sent with the request: it has been read, or the method allows one. */
  get isSendable(): boolean {
    return this.#bytes !== undefined || allowsBody(this.#request);
  }

  /**
   * Reads the whole body, to verify its sender. A second call returns the same bytes. Until
   * {@link endVerification} it counts as unverified.
   *
   * @param limit the largest body that is accepted, in bytes
   * @param lifetime the longest time for reading, in milliseconds. Default: the limits of the operator
   * @throws GatewayError `body_too_large`, `request_timeout`, `request_malformed`, `unverified_limit`
   */
  async bytes(limit: number, lifetime = Infinity): Promise<Bytes> {
    return (this.#bytes ??= await this.#readUnverified(limit, lifetime));
  }

  /**
   * Reads the whole body of a verified sender, to check it. Its memory is counted until {@link release}.
   *
   * @param limit the largest body that is accepted, in bytes
   * @param lifetime the longest time for reading, in milliseconds
   * @returns the bytes; the same as before when it has been read
   * @throws GatewayError `body_too_large`, `request_timeout`, `request_malformed`, `policy_bodies_limit`
   */
  async checkedBytes(limit: number, lifetime: number): Promise<Bytes> {
    const allowance = { limit, lifetime, budget: this.#limits.checked, most: MAX_CHECKED_BYTES };
    const body = new WholeBody(this.#request, this.#limits, allowance);
    this.#checked = body;
    if (this.#bytes) body.hold(this.#bytes.length);
    else this.#bytes = await body.read();
    if (body.failure) throw body.failure;
    body.isInUse = true;
    return this.#bytes;
  }

  /** Frees a body that was checked, once it has been sent. */
  release(): void {
    if (!this.#checked) return;
    this.#received ??= this.#bytes?.length;
    this.#bytes = undefined;
    this.#checked.release();
  }

  /**
   * Ends the verification, whatever its result: the body no longer counts as unverified.
   *
   * @throws GatewayError such as `unverified_limit`, when the body was dropped and so is not verified
   */
  endVerification(): void {
    const body = this.#unverified;
    body?.release();
    if (body?.failure) throw body.failure;
  }

  /** Sets the bytes that are sent instead of the client's, which were read. */
  replace(bytes: Bytes): void {
    this.#received ??= this.#bytes?.length;
    this.#bytes = bytes;
  }

  /**
   * Returns the body for the outbound request: as bytes when it has been read, or when it is small and its
   * length is known, otherwise as a stream.
   *
   * @param events called as the body is sent
   * @param lifetime the longest time for reading it before it is sent, in milliseconds. Default: the limits of
   *   the operator. A stream has none: its exchange ends it.
   * @throws GatewayError `request_timeout`, `request_malformed`
   */
  send(
    events: UploadEvents,
    lifetime = Infinity,
  ): Promise<Bytes> | Bytes | ReadableStream<Bytes> | null {
    if (this.#bytes) {
      events.onBytes(this.#received ?? this.#bytes.length);
      return this.#bytes;
    }
    const { length } = this;
    if (length !== undefined && length <= SMALL_BODY) {
      return this.#sendWhole(length, lifetime, events);
    }
    const { body } = this.#request;
    return body && this.#sendPieces(body, events);
  }

  #readUnverified(limit: number, lifetime: number): Promise<Bytes> {
    const { unverified: budget, maxUnverified: most } = this.#limits;
    const allowance = { limit, lifetime, budget, most };
    this.#unverified = new WholeBody(this.#request, this.#limits, allowance);
    return this.#unverified.read();
  }

  async #sendWhole(length: number, lifetime: number, { onBytes }: UploadEvents): Promise<Bytes> {
    const { timers } = this.#limits;
    const { bytes: reading, end } = readAtOnce(this.#request, length);
    const time = Math.min(timeFor(this.#limits, length), lifetime);
    const late = () => end(new GatewayError("request_timeout"));
    const timer = time < Infinity ? timers.start(late, time) : undefined;
    try {
      const bytes = await reading;
      onBytes(bytes.length);
      return bytes;
    } finally {
      timers.stop(timer);
    }
  }

  #sendPieces(
    body: ReadableStream<Bytes>,
    { onBytes, onStall, onEnd }: UploadEvents,
  ): ReadableStream<Bytes> {
    const { idleTimeout, timers } = this.#limits;
    const stall = watchForStall(timers, idleTimeout, onStall);
    // The runtime neither reads nor cancels the body when it cannot connect.
    const stop = () => stall.stop();
    onEnd(stop);
    return relay(openBody(body), {
      onWait: () => stall.wait(),
      onChunk: (chunk) => {
        stall.arrived();
        onBytes(chunk.length);
      },
      onEnd: stop,
      onCancel: stop,
      onError: () => {
        stall.stop();
        return new Error("the client's body ended early");
      },
    });
  }
}

/**
 * Refuses a body that `fetch` cannot send (https://fetch.spec.whatwg.org/#dom-request, step 35),
 * instead of dropping it silently.
 *
 * @throws GatewayError `body_unexpected`
 */
export function assertBodyAllowed(request: Request): void {
  if (allowsBody(request)) return;
  const { headers } = request;
  if (headers.has("transfer-encoding") || (headers.get("content-length") ?? "0") !== "0") {
    throw new GatewayError("body_unexpected");
  }
}

function allowsBody({ method }: Request): boolean {
  return method !== "GET" && method !== "HEAD";
}
