import type { Timer, TimerWheel } from "../time/timer_wheel.ts";
import { createBoundaryTracker } from "./event_boundary.ts";
import { type Bytes, type OpenBody, type Piece, relay, type RelayEvents } from "./relay.ts";

// A comment of the event-stream format, ignored by every reader:
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
const COMMENT = ":\n\n";

const FIRST_COMMENT_MS = 400;

/** When {@link relayEvents} writes comments. */
export interface HeartbeatOptions {
  /** Seconds of silence before a comment. */
  seconds: number;
  timers: TimerWheel;
}

/**
 * Relays an event stream and writes a comment into every silence that is too long: soon after the
 * start, because the server holds the response head back until the first byte, and later because
 * proxies on the way close idle connections. It never writes inside an event.
 *
 * @param body the upstream's body, not compressed
 * @param heartbeat when comments are written
 * @param events called for the source's bytes, not for the comments
 * @returns once the first event has arrived, or the first comment is due
 * @throws the error with which the upstream's body broke off before that
 */
export async function relayEvents(
  { reader, first }: OpenBody,
  { seconds, timers }: HeartbeatOptions,
  events: RelayEvents,
): Promise<ReadableStream<Bytes>> {
  const boundary = createBoundaryTracker();
  const comment = () => new TextEncoder().encode(COMMENT);
  const limit = seconds * 1000;
  const isLate = await isSilentFor(first, Math.min(FIRST_COMMENT_MS, limit), timers);
  let lastByte = timers.now();
  let timer: Timer | undefined;
  const stop = () => timers.stop(timer);

  return relay(
    { reader, first: isLate ? first.then(withoutByteOrderMark) : first },
    {
      onStart(controller) {
        if (isLate) controller.enqueue(comment());
        // One timer for each silence and not for each event: one that fires early starts again.
        const check = () => {
          let silence = timers.now() - lastByte;
          if (silence >= limit) {
            // A reader that lags behind has unread bytes, and needs no sign of life.
            const isIdle = (controller.desiredSize ?? 0) > 0;
            if (isIdle && boundary.isBetweenEvents()) controller.enqueue(comment());
            lastByte = timers.now();
            silence = 0;
          }
          timer = timers.start(check, limit - silence);
        };
        timer = timers.start(check, limit);
      },
      ...(events.onWait && { onWait: events.onWait }),
      onChunk(chunk) {
        lastByte = timers.now();
        boundary.push(chunk);
        events.onChunk(chunk);
      },
      onEnd: () => (stop(), events.onEnd?.()),
      onError: (error) => (stop(), events.onError(error)),
      onCancel: () => (stop(), events.onCancel?.()),
    },
  );
}

async function isSilentFor(
  first: Promise<Piece>,
  ms: number,
  timers: TimerWheel,
): Promise<boolean> {
  let timer: Timer | undefined;
  const late = new Promise<true>((resolve) => {
    timer = timers.start(() => resolve(true), ms);
  });
  try {
    return await Promise.race([first.then(() => false), late]);
  } finally {
    timers.stop(timer);
  }
}

// Only at the very start is it no part of the first line.
function withoutByteOrderMark(piece: Piece): Piece {
  const { value } = piece;
  const isMarked = value?.[0] === 0xef && value[1] === 0xbb && value[2] === 0xbf;
  return isMarked ? { done: false, value: value.subarray(3) } : piece;
}
