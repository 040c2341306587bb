import { crc32 } from "node:zlib";

/** A frame of `application/vnd.amazon.eventstream` with an event, as Bedrock sends it. */
export function frame(type: string, payload: object): Buffer {
  return frameOf(
    { ":event-type": type, ":content-type": "application/json", ":message-type": "event" },
    payload,
  );
}

/** A frame that reports an error. */
export function errorFrame(type: string): Buffer {
  return frameOf({ ":exception-type": type, ":message-type": "exception" }, { message: "no" });
}

// Headers of other types: a switch, a number of four bytes, bytes, and a time.
const OTHERS = Buffer.from(
  [
    "0161" + "00",
    "0162" + "04" + "00000007",
    "0163" + "06" + "0003" + "010203",
    "0164" + "08" + "0000018bcfe56800",
  ].join(""),
  "hex",
);

function frameOf(headers: Readonly<Record<string, string>>, payload: object): Buffer {
  const texts = Object.entries(headers).map(([name, value]) => header(name, value));
  const lines = Buffer.concat([OTHERS, ...texts]);
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(12 + lines.length + body.length + 4, 0);
  prelude.writeUInt32BE(lines.length, 4);
  const message = Buffer.concat([prelude, checksum(prelude), lines, body]);
  return Buffer.concat([message, checksum(message)]);
}

function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name),
    Buffer.from([7]),
    length,
    Buffer.from(value),
  ]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}
