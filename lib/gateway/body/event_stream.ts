import type { Timer, TimerWheel } from "../time/timer_wheel.ts";
import { BYTE_ORDER_MARK, LineTracker } from "./line_tracker.ts";
import { type Bytes, type OpenBody, type Piece, relay, type RelayEvents } from "./relay.ts";

// A comment line without a blank line after it: some clients read each blank line as an event.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
const FORMS = { comment: ":\n", newline: "\n" } as const;

const FIRST_BEAT_MS = 400;

/** When and how {@link relayEvents} writes heartbeats. */
export interface HeartbeatOptions {
  /** Seconds of silence before a heartbeat. */
  seconds: number;
  /** A comment line, which is possible between any two lines, or a blank line between events. */
  form: keyof typeof FORMS;
  timers: TimerWheel;
}

/**
 * Relays an event stream and writes heartbeats while the upstream is silent: soon after the start, because
 * the server sends the response head only with the first byte, and later because proxies on the way close
 * idle connections. A heartbeat changes no event.
 *
 * @param body the upstream's body, not compressed
 * @param options when and how heartbeats are written
 * @param events called for the source's bytes, not for the heartbeats
 * @returns the relayed stream, once the first bytes have arrived or the first heartbeat is due
 * @throws the error of the upstream's body if it fails before that
 */
export async function relayEvents(
  body: OpenBody,
  options: HeartbeatOptions,
  events: RelayEvents,
): Promise<ReadableStream<Bytes>> {
  const { seconds, timers } = options;
  const isLate = await isSilentFor(body.first, Math.min(FIRST_BEAT_MS, seconds * 1000), timers);
  return relay(isLate ? skipByteOrderMark(body) : body, new BeatingEvents(options, events, isLate));
}

/** Writes the heartbeats, and passes the events on. */
class BeatingEvents implements RelayEvents {
  readonly #options: HeartbeatOptions;
  readonly #events: RelayEvents;
  readonly #isLate: boolean;
  readonly #lines = new LineTracker();
  #lastByte: number;
  #timer: Timer | undefined;
  #controller: ReadableStreamDefaultController<Bytes> | undefined;

  constructor(options: HeartbeatOptions, events: RelayEvents, isLate: boolean) {
    this.#options = options;
    this.#events = events;
    this.#isLate = isLate;
    this.#lastByte = options.timers.now();
  }

  onStart(controller: ReadableStreamDefaultController<Bytes>): void {
    this.#controller = controller;
    this.#events.onStart?.(controller);
    if (this.#isLate) this.#beat(controller);
    this.#checkIn(this.#options.seconds * 1000);
  }

  onWait(): void {
    this.#events.onWait?.();
  }

  onChunk(chunk: Bytes): void {
    this.#lastByte = this.#options.timers.now();
    this.#lines.push(chunk);
    this.#events.onChunk(chunk);
  }

  onEnd(): void {
    this.#stop();
    this.#events.onEnd?.();
  }

  onError(error: unknown): Error {
    this.#stop();
    return this.#events.onError(error);
  }

  onCancel(): void {
    this.#stop();
    this.#events.onCancel?.();
  }

  #checkIn(ms: number): void {
    this.#timer = this.#options.timers.start(() => this.#check(), ms);
  }

  // Events do not restart the timer: when it fires early, it is started again for the rest.
  #check(): void {
    const { seconds, timers } = this.#options;
    const limit = seconds * 1000;
    let silence = timers.now() - this.#lastByte;
    if (silence >= limit) {
      // A slow reader still has unread bytes, and needs no heartbeat.
      const controller = this.#controller!;
      if ((controller.desiredSize ?? 0) > 0) this.#beat(controller);
      this.#lastByte = timers.now();
      silence = 0;
    }
    this.#checkIn(limit - silence);
  }

  #beat(controller: ReadableStreamDefaultController<Bytes>): void {
    const { form } = this.#options;
    if (!(form === "comment" ? this.#lines.takesComment : this.#lines.takesBlankLine)) return;
    const bytes = new TextEncoder().encode(FORMS[form]);
    this.#lines.push(bytes);
    controller.enqueue(bytes);
  }

  #stop(): void {
    this.#options.timers.stop(this.#timer);
  }
}

/** Whether nothing of a body arrives for so long. Rejects when the body fails before that. */
function isSilentFor(first: Promise<Piece>, ms: number, timers: TimerWheel): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = timers.start(() => resolve(true), ms);
    first.then(
      () => {
        timers.stop(timer);
        resolve(false);
      },
      (error) => {
        timers.stop(timer);
        reject(error);
      },
    );
  });
}

// After a heartbeat the byte order mark would belong to the first line.
function skipByteOrderMark({ reader, first }: OpenBody): OpenBody {
  const start = withoutByteOrderMark({ reader, first });
  // The code that awaits it handles a rejection. Until then it must not count as unhandled.
  start.catch(() => {});
  return { reader, first: start };
}

// It may arrive in pieces.
async function withoutByteOrderMark({ reader, first }: OpenBody): Promise<Piece> {
  let piece = await first;
  while (piece.value && piece.value.length < 3 && beginsMark(piece.value)) {
    const next = await reader.read();
    if (next.done) return piece;
    piece = { done: false, value: concat(piece.value, next.value) };
  }
  const isMarked = piece.value && piece.value.length >= 3 && beginsMark(piece.value);
  return isMarked ? { done: false, value: piece.value!.subarray(3) } : piece;
}

function beginsMark(bytes: Bytes): boolean {
  return BYTE_ORDER_MARK.every((byte, i) => i >= bytes.length || bytes[i] === byte);
}

function concat(first: Bytes, second: Bytes): Bytes {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
