import { FRAME_CHECKSUM, FRAME_PRELUDE, TEXT_VALUE } from "../frame_form.ts";
import type { Bytes } from "../body/relay.ts";

/** A frame of a stream of AWS. */
export interface EventFrame {
  /** Its header `:event-type`. Empty: it has none, because it reports an error. */
  type: string;
  payload: Bytes;
}

/** The lengths of values of headers by type; -1 when a length of two bytes stands before it. */
const VALUE_LENGTHS = [0, 0, 1, 2, 4, 8, -1, -1, 8, 16];

/**
 * Reads a frame of a body of the type `application/vnd.amazon.eventstream`.
 *
 * @param frame whole, as a splitter returns it
 * @throws RangeError when its headers are malformed
 */
export function readFrame(frame: Bytes): EventFrame {
  const view = new DataView(frame.buffer, frame.byteOffset);
  const end = FRAME_PRELUDE + view.getUint32(4);
  if (end > frame.length - FRAME_CHECKSUM) throw new RangeError("the headers are too long");
  return {
    type: eventType(frame.subarray(FRAME_PRELUDE, end)),
    payload: frame.subarray(end, frame.length - FRAME_CHECKSUM),
  };
}

function eventType(headers: Bytes): string {
  const view = new DataView(headers.buffer, headers.byteOffset, headers.length);
  const textAt = (start: number, length: number) =>
    decoder.decode(headers.subarray(start, start + length));
  // A header that ends behind the headers makes the view throw a RangeError.
  for (let at = 0; at < headers.length;) {
    const nameLength = view.getUint8(at);
    const name = textAt(at + 1, nameLength);
    const type = view.getUint8(at + 1 + nameLength);
    at += 2 + nameLength;
    const fixed = VALUE_LENGTHS[type];
    if (fixed === undefined) throw new RangeError("a header of an unknown type");
    const length = fixed >= 0 ? fixed : view.getUint16(at);
    if (fixed < 0) at += 2;
    if (name === ":event-type" && type === TEXT_VALUE) return textAt(at, length);
    at += length;
  }
  return "";
}

const decoder = new TextDecoder();
