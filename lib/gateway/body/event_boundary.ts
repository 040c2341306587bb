const LF = 10;
const CR = 13;

/** Knows whether the bytes seen so far end between two events. */
export interface BoundaryTracker {
  push(bytes: Uint8Array): void;
  isBetweenEvents(): boolean;
}

/**
 * Follows the line structure of an event stream, whose lines end in LF, CR or CRLF and whose events
 * end in a blank line:
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function createBoundaryTracker(): BoundaryTracker {
  let lineIsEmpty = true;
  let betweenEvents = true;
  let afterCr = false;

  function pushByte(byte: number): void {
    const endsCrLf = byte === LF && afterCr;
    afterCr = byte === CR;
    if (endsCrLf) return;
    const endsLine = byte === LF || byte === CR;
    betweenEvents = endsLine && lineIsEmpty;
    lineIsEmpty = endsLine;
  }

  return {
    push(bytes) {
      // Two line ends decide it, and they are four bytes at most.
      if (bytes.length >= 4) lineIsEmpty = afterCr = false;
      for (let i = Math.max(0, bytes.length - 4); i < bytes.length; i++) pushByte(bytes[i]!);
    },
    isBetweenEvents: () => betweenEvents,
  };
}
