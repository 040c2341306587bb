import { type HttpMessage, parseHead } from "./http_message.ts";

/** A part of a message: its head, some bytes of its body without the framing, or its end. */
export type HttpEvent =
  | { kind: "head"; head: HttpMessage }
  | { kind: "body"; bytes: Buffer }
  // With the number of bytes of the whole message, framing included.
  | { kind: "end"; size: number };

/** How the messages of a connection are read. */
export interface HttpReaderOptions {
  /**
   * The messages are responses: interim ones are passed over, and one without a length ends with the
   * connection. Default: they are requests.
   */
  isResponse?: boolean;
  /** The method that the responses answer; one to HEAD has no body. Default: `GET`. */
  method?: string;
}

/** Reads HTTP/1.1 messages from the bytes of one direction of a connection. */
export interface HttpReader {
  /**
   * Takes the next bytes and yields the events that they complete. If the caller stops before the
   * last event, the next call goes on from there.
   *
   * @throws Error when the framing of a message is malformed; the reader then yields nothing more
   */
  push: (bytes: Buffer) => Generator<HttpEvent, void>;
  /** Takes the end of the connection and yields the end of a message that it completes. */
  close: () => Generator<HttpEvent, void>;
}

/** The bytes that have come and that no event has taken. */
interface Input {
  pending: Buffer;
  isClosed: boolean;
  /** How many bytes of the present message were taken. */
  taken: number;
}

/** A reader yields this when it needs more bytes to go on. */
const MORE = Symbol("MORE");

type Reading<T> = Generator<HttpEvent | typeof MORE, T>;

const LINE_END = "\r\n";

/**
 * Creates a reader. It is strict about framing (RFC 9112, sections 6 and 7), because the messages
 * come from the gateway: it refuses a second length, codings other than chunked, and extensions of
 * chunks.
 */
export function createHttpReader(options: HttpReaderOptions = {}): HttpReader {
  const input: Input = { pending: Buffer.alloc(0), isClosed: false, taken: 0 };
  const reading = readMessages(input, options);
  function* events(): Generator<HttpEvent, void> {
    for (;;) {
      const { done, value } = reading.next();
      if (done || value === MORE) return;
      yield value;
    }
  }
  return {
    push(bytes) {
      input.pending = input.pending.length > 0 ? Buffer.concat([input.pending, bytes]) : bytes;
      return events();
    },
    close() {
      input.isClosed = true;
      return events();
    },
  };
}

function* readMessages(input: Input, options: HttpReaderOptions): Reading<never> {
  for (;;) {
    input.taken = 0;
    const head = yield* readHead(input);
    if (options.isResponse && Math.floor(head.status / 100) === 1) continue;
    yield { kind: "head", head };
    const framing = framingOf(head, options);
    if (framing === "chunked") yield* readChunks(input);
    else if (framing === "until_close") yield* readUntilClose(input);
    else yield* readBytes(input, framing);
    yield { kind: "end", size: input.taken };
  }
}

function* readHead(input: Input): Reading<HttpMessage> {
  for (;;) {
    const head = parseHead(input.pending);
    if (head) {
      take(input, head.size);
      return head;
    }
    yield MORE;
  }
}

/** How the end of a body is found: by its length, by its chunks or by the end of the connection. */
function framingOf(
  head: HttpMessage,
  { isResponse = false, method }: HttpReaderOptions,
): number | "chunked" | "until_close" {
  const lengths = head.all("content-length");
  const codings = head.all("transfer-encoding");
  if (lengths.length + codings.length > 1) throw new Error("framed twice");
  if (isResponse && (method === "HEAD" || head.status === 204 || head.status === 304)) return 0;
  if (codings.length > 0) {
    if (codings[0]?.toLowerCase() !== "chunked") throw new Error("unknown coding");
    return "chunked";
  }
  const [length] = lengths;
  if (length === undefined) return isResponse ? "until_close" : 0;
  if (!/^\d{1,12}$/.test(length)) throw new Error("malformed length");
  return Number(length);
}

function* readBytes(input: Input, size: number): Reading<void> {
  for (let left = size; left > 0;) {
    const bytes = take(input, Math.min(left, input.pending.length));
    left -= bytes.length;
    yield bytes.length > 0 ? { kind: "body", bytes } : MORE;
  }
}

function* readUntilClose(input: Input): Reading<void> {
  while (input.pending.length > 0 || !input.isClosed) {
    const bytes = take(input, input.pending.length);
    yield bytes.length > 0 ? { kind: "body", bytes } : MORE;
  }
}

function* readChunks(input: Input): Reading<void> {
  for (;;) {
    const text = yield* readLine(input);
    if (!/^[0-9a-f]{1,8}$/i.test(text)) throw new Error("malformed chunk size");
    const size = Number.parseInt(text, 16);
    if (size === 0) break;
    yield* readBytes(input, size);
    if ((yield* readLine(input)) !== "") throw new Error("malformed end of a chunk");
  }
  // The trailers, up to an empty line.
  while ((yield* readLine(input)) !== "");
}

function* readLine(input: Input): Reading<string> {
  for (;;) {
    const end = input.pending.indexOf(LINE_END);
    if (end >= 0) return take(input, end + LINE_END.length).toString("latin1", 0, end);
    yield MORE;
  }
}

function take(input: Input, size: number): Buffer {
  const bytes = input.pending.subarray(0, size);
  input.pending = input.pending.subarray(size);
  input.taken += size;
  return bytes;
}
