const LF = 10;
const CR = 13;
const COLON = 58;
const LETTER_R = 114;

/** The byte order mark in UTF-8, with which an event stream may start. */
export const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf];

/**
 * Follows the line structure of an event stream, whose lines end in LF, CR or CRLF and whose events
 * end in a blank line. It knows which heartbeat may follow the bytes seen so far:
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export class LineTracker {
  #lineIsEmpty = true;
  // There was a line of an event, which a blank line would end.
  #eventIsOpen = false;
  #afterCr = false;
  // How many bytes of the byte order mark have been seen.
  #mark = 0;

  /** Whether a comment line would change no event. */
  get takesComment(): boolean {
    // The LF of a CRLF may follow a CR. After a comment it would be a blank line.
    return this.#lineIsEmpty && !(this.#afterCr && this.#eventIsOpen);
  }

  /** Whether a blank line would change no event. */
  get takesBlankLine(): boolean {
    return this.#lineIsEmpty && !this.#eventIsOpen;
  }

  /** Follows the next bytes of the stream. */
  push(bytes: Uint8Array): void {
    const from = this.#mark < 3 ? this.#pushMark(bytes) : 0;
    if (bytes.length >= 4 && endsInBlankLine(bytes)) {
      this.#lineIsEmpty = true;
      this.#eventIsOpen = this.#afterCr = false;
      return;
    }
    for (let i = from; i < bytes.length; i++) this.#pushByte(bytes[i]!);
  }

  // Returns how many of the bytes belong to the mark, which may arrive in pieces.
  #pushMark(bytes: Uint8Array): number {
    let count = 0;
    while (this.#mark < 3 && bytes[count] === BYTE_ORDER_MARK[this.#mark]) {
      count++;
      this.#mark++;
    }
    this.#lineIsEmpty = this.#mark === 0 || this.#mark === 3;
    if (count === bytes.length) return count;
    this.#eventIsOpen = !this.#lineIsEmpty;
    this.#mark = 3;
    return count;
  }

  #pushByte(byte: number): void {
    const endsCrLf = byte === LF && this.#afterCr;
    this.#afterCr = byte === CR;
    if (endsCrLf) return;
    const endsLine = byte === LF || byte === CR;
    if (this.#lineIsEmpty) {
      this.#eventIsOpen = !endsLine && (this.#eventIsOpen || !isAlone(byte));
    }
    this.#lineIsEmpty = endsLine;
  }
}

// Comments and `retry` belong to no event. All other lines count as part of one.
function isAlone(firstByte: number): boolean {
  return firstByte === COLON || firstByte === LETTER_R;
}

// Nearly every piece of an event stream ends this way, and need not be scanned.
function endsInBlankLine(bytes: Uint8Array): boolean {
  const end = bytes.length - 1;
  if (bytes[end] !== LF) return false;
  if (bytes[end - 1] === LF) return true;
  return bytes[end - 1] === CR && bytes[end - 2] === LF;
}
