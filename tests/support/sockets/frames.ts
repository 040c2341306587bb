/** Kinds of frames (RFC 6455, section 5.2). */
export const OPCODE = { more: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A frame as it is on the wire. */
export interface Frame {
  opcode: number;
  payload: Buffer;
  isFinal: boolean;
  isMasked: boolean;
  /** The three reserved bits. */
  reserved: number;
}

/** What a test may change in a frame. */
export interface FrameOptions {
  /** Default: yes. */
  isFinal?: boolean;
  /** Default: 0. */
  reserved?: number;
  /** Default: no. */
  isMasked?: boolean;
  /** The length in the header. Default: that of the payload. */
  length?: number;
}

const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** A frame as bytes. */
export function frame(
  opcode: number,
  payload: string | Uint8Array = "",
  { isFinal = true, reserved = 0, isMasked = false, length }: FrameOptions = {},
): Buffer {
  const data = Buffer.from(payload);
  const size = length ?? data.length;
  const first = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode;
  const bit = isMasked ? 0x80 : 0;
  const head =
    size < 126
      ? Buffer.from([first, bit | size])
      : size < 65_536
        ? Buffer.from([first, bit | 126, size >> 8, size & 255])
        : Buffer.concat([Buffer.from([first, bit | 127]), longLength(size)]);
  if (!isMasked) return Buffer.concat([head, data]);
  return Buffer.concat([head, MASK, data.map((byte, index) => byte ^ MASK[index & 3]!)]);
}

/** The payload of a close frame. */
export function closePayload(code: number, reason = ""): Buffer {
  return Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]);
}

function longLength(size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(size));
  return bytes;
}

/** Reads frames from pieces of a stream. */
export function createFrameReader(): (piece: Buffer) => Frame[] {
  let rest: Buffer = Buffer.alloc(0);
  return (piece) => {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const frames: Frame[] = [];
    for (let read = readFrame(rest); read; read = readFrame(rest)) {
      frames.push(read.frame);
      rest = rest.subarray(read.size);
    }
    return frames;
  };
}

function readFrame(bytes: Buffer): { frame: Frame; size: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  const afterLength = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < afterLength) return undefined;
  const length =
    short === 126
      ? bytes.readUInt16BE(2)
      : short === 127
        ? Number(bytes.readBigUInt64BE(2))
        : short;
  const isMasked = (bytes[1]! & 0x80) !== 0;
  const start = afterLength + (isMasked ? 4 : 0);
  if (bytes.length < start + length) return undefined;
  const payload = Buffer.from(bytes.subarray(start, start + length));
  if (isMasked) {
    const mask = bytes.subarray(afterLength, start);
    for (let index = 0; index < length; index++) payload[index]! ^= mask[index & 3]!;
  }
  const first = bytes[0]!;
  const frame: Frame = {
    opcode: first & 15,
    payload,
    isFinal: first >= 0x80,
    isMasked,
    reserved: (first >> 4) & 7,
  };
  return { frame, size: start + length };
}
