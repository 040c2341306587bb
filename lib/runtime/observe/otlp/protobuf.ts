/**
 * How a field is written: a text, bytes from hexadecimal digits, numbers by their wire types
 * (https://protobuf.dev/programming-guides/encoding/), or a message with fields of its own.
 */
export type FieldType =
  "string" | "hex" | "bool" | "varint" | "fixed32" | "fixed64" | "double" | (() => MessageType);

/** A field: its number, its type, and whether the value is a list. A list of numbers is packed. */
export type Field = readonly [number: number, type: FieldType, list?: "list"];

/** The fields of a message, by their names in JSON. */
export type MessageType = Readonly<Record<string, Field>>;

/** A message in the form of its JSON: integers of 64 bits are decimal texts, bytes are hexadecimal. */
export type Message = Readonly<Record<string, unknown>>;

const VARINT = 0;
const I64 = 1;
const LENGTH = 2;
const I32 = 5;

const WIRE_TYPES = {
  string: LENGTH,
  hex: LENGTH,
  bool: VARINT,
  varint: VARINT,
  fixed32: I32,
  fixed64: I64,
  double: I64,
} as const;

/**
 * Encodes a message as Protocol Buffers.
 *
 * @param message whose members are fields of the type; others are left out
 * @param type the fields
 */
export function encodeProtobuf(message: Message, type: MessageType): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  writeMessage(writer, message, type);
  return writer.bytes();
}

function writeMessage(writer: Writer, message: Message, type: MessageType): void {
  for (const name in message) {
    const field = type[name];
    const value = message[name];
    if (field && value !== undefined) writeField(writer, field, value);
  }
}

function writeField(writer: Writer, [number, type, list]: Field, value: unknown): void {
  if (!list) return writeTagged(writer, number, type, value);
  const values = value as readonly unknown[];
  const isPacked = type === "fixed64" || type === "double";
  // Written backwards, so that the length of what is inside is known.
  if (!isPacked) {
    for (let i = values.length; i-- > 0;) writeTagged(writer, number, type, values[i]);
    return;
  }
  const end = writer.length;
  for (let i = values.length; i-- > 0;) writeScalar(writer, type, values[i]);
  writer.varint(writer.length - end);
  writer.varint(number * 8 + LENGTH);
}

function writeTagged(writer: Writer, number: number, type: FieldType, value: unknown): void {
  if (typeof type === "string") {
    writeScalar(writer, type, value);
    writer.varint(number * 8 + WIRE_TYPES[type]);
    return;
  }
  const end = writer.length;
  writeMessage(writer, value as Message, type());
  writer.varint(writer.length - end);
  writer.varint(number * 8 + LENGTH);
}

function writeScalar(writer: Writer, type: Exclude<FieldType, () => MessageType>, value: unknown) {
  if (type === "string") writer.text(String(value));
  else if (type === "hex") {
    const bytes = Buffer.from(String(value), "hex");
    writer.raw(bytes);
    writer.varint(bytes.length);
  } else if (type === "fixed64") writer.fixed64(BigInt(value as string));
  else if (type === "double") writer.double(Number(value));
  else if (type === "fixed32") writer.fixed32(Number(value));
  else writer.varint(Number(value));
}

const START_BYTES = 16 * 1024;

/** Writes bytes from the end to the start. */
class Writer {
  #bytes = new Uint8Array(START_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #start = START_BYTES;

  /** The number of bytes so far. */
  get length(): number {
    return this.#bytes.length - this.#start;
  }

  raw(bytes: Uint8Array): void {
    this.#take(bytes.length);
    this.#bytes.set(bytes, this.#start);
  }

  /** Writes a text and its length. Nearly all of them are ASCII, which needs no encoder. */
  text(text: string): void {
    const { length } = text;
    this.#take(length);
    const start = this.#start;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) {
        this.#start += length;
        const bytes = Buffer.from(text);
        this.raw(bytes);
        return this.varint(bytes.length);
      }
      this.#bytes[start + i] = code;
    }
    this.varint(length);
  }

  fixed64(value: bigint): void {
    this.#take(8);
    this.#view.setBigUint64(this.#start, value, true);
  }

  fixed32(value: number): void {
    this.#take(4);
    this.#view.setUint32(this.#start, value, true);
  }

  double(value: number): void {
    this.#take(8);
    this.#view.setFloat64(this.#start, value, true);
  }

  /** @param value an integer from 0 to 2^53 - 1 */
  varint(value: number): void {
    let size = 1;
    for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
    this.#take(size);
    let rest = value;
    for (let at = this.#start; at < this.#start + size; at++) {
      const isLast = at === this.#start + size - 1;
      this.#bytes[at] = isLast ? rest : (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(this.#start);
  }

  #take(count: number): void {
    if (count > this.#start) this.#grow(count);
    this.#start -= count;
  }

  #grow(count: number): void {
    const { length } = this;
    const size = Math.max(this.#bytes.length * 2, length + count);
    const larger = new Uint8Array(size);
    larger.set(this.#bytes.subarray(this.#start), size - length);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
    this.#start = size - length;
  }
}
