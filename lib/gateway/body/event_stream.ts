import { type CoarseTimer, startTimer, stopTimer } from "../time/timer_wheel.ts";
import { createBoundaryTracker } from "./event_boundary.ts";
import { type Bytes, type OpenBody, type Piece, relay, type RelayEvents } from "./relay.ts";

// A comment of the event-stream format, ignored by every reader:
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
const COMMENT = ":\n\n";

const FIRST_COMMENT_MS = 400;

/** Whether a response is an event stream into which a comment can be written. */
export function isEventStream(headers: Headers): boolean {
  const type = headers.get("content-type") ?? "";
  const coding = headers.get("content-encoding") ?? "identity";
  return /^text\/event-stream\s*(;|$)/i.test(type) && coding.trim().toLowerCase() === "identity";
}

/**
 * Relays an event stream, with a comment wherever it is silent for too long: soon after the start,
 * because the server holds the response head back until the first byte, and later for whatever on
 * the way closes idle connections. Never inside an event.
 *
 * @param body the upstream's, not compressed
 * @param heartbeat seconds of silence before a comment
 * @param events told of the source's bytes, not of the comments
 * @returns once the first event is there, or the first comment is due
 * @throws whatever the upstream's body broke off with before that
 */
export async function relayEvents(
  { reader, first }: OpenBody,
  heartbeat: number,
  events: RelayEvents,
): Promise<ReadableStream<Bytes>> {
  const boundary = createBoundaryTracker();
  const comment = () => new TextEncoder().encode(COMMENT);
  const isLate = await isSilentFor(first, Math.min(FIRST_COMMENT_MS, heartbeat * 1000));
  const limit = heartbeat * 1000;
  let lastByte = performance.now();
  let timer: CoarseTimer | undefined;
  const stop = () => stopTimer(timer);

  return relay(
    { reader, first: isLate ? first.then(withoutByteOrderMark) : first },
    {
      onStart(controller) {
        if (isLate) controller.enqueue(comment());
        // One timer a silence and not one an event: what goes off early only looks and sleeps on.
        const look = () => {
          let silence = performance.now() - lastByte;
          if (silence >= limit) {
            // A reader that lags behind has unread bytes, and needs no sign of life.
            const isIdle = (controller.desiredSize ?? 0) > 0;
            if (isIdle && boundary.isBetweenEvents()) controller.enqueue(comment());
            lastByte = performance.now();
            silence = 0;
          }
          timer = startTimer(look, limit - silence);
        };
        timer = startTimer(look, limit);
      },
      ...(events.onWait && { onWait: events.onWait }),
      onChunk(chunk) {
        lastByte = performance.now();
        boundary.push(chunk);
        events.onChunk(chunk);
      },
      onEnd: () => (stop(), events.onEnd?.()),
      onError: (error) => (stop(), events.onError(error)),
      onCancel: () => (stop(), events.onCancel?.()),
    },
  );
}

async function isSilentFor(first: Promise<Piece>, ms: number): Promise<boolean> {
  let timer: CoarseTimer | undefined;
  const late = new Promise<true>((resolve) => {
    timer = startTimer(() => resolve(true), ms);
  });
  try {
    return await Promise.race([first.then(() => false), late]);
  } finally {
    stopTimer(timer);
  }
}

// Only at the very start is it no part of the first line.
function withoutByteOrderMark(piece: Piece): Piece {
  const { value } = piece;
  const isMarked = value?.[0] === 0xef && value[1] === 0xbb && value[2] === 0xbf;
  return isMarked ? { done: false, value: value.subarray(3) } : piece;
}
