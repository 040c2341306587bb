import { FRAME_CHECKSUM, FRAME_PRELUDE, TEXT_VALUE } from "../../frame_form.ts";

// Both streams have this type, and it is the only one after which SDKs and frameworks do not try again.
const TYPE = "validationException";

const HEADERS = [
  [":exception-type", TYPE],
  [":content-type", "application/json"],
  [":message-type", "exception"],
] as const;

/**
 * An exception in a stream of frames, from which the SDKs of AWS make a typed error
 * (https://smithy.io/2.0/aws/amazon-eventstream.html).
 *
 * @param error what the error says; its `message` is for people
 */
export function exceptionFrame(error: { message: string; code: string }): Uint8Array<ArrayBuffer> {
  const headers = HEADERS.flatMap(([name, value]) => [
    ...[name.length, ...bytesOf(name), TEXT_VALUE],
    ...[value.length >> 8, value.length & 0xff, ...bytesOf(value)],
  ]);
  const payload = bytesOf(JSON.stringify(error));
  const frame = new Uint8Array(FRAME_PRELUDE + headers.length + payload.length + FRAME_CHECKSUM);
  const view = new DataView(frame.buffer);
  view.setUint32(0, frame.length);
  view.setUint32(4, headers.length);
  view.setUint32(8, crc32(frame.subarray(0, 8)));
  frame.set(headers, FRAME_PRELUDE);
  frame.set(payload, FRAME_PRELUDE + headers.length);
  const end = frame.length - FRAME_CHECKSUM;
  view.setUint32(end, crc32(frame.subarray(0, end)));
  return frame;
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** The CRC-32 of bytes, as in gzip (RFC 1952, section 8). A frame is short, so there is no table. */
function crc32(bytes: Uint8Array): number {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
