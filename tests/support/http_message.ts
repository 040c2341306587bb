/** One HTTP/1.1 message as it stood on the wire. */
export interface HttpMessage {
  /** The request line or the status line. */
  startLine: string;
  /** Of a response; NaN for a request. */
  status: number;
  /** In order, repeated ones repeated, names as sent. */
  headers: [name: string, value: string][];
  /** The values of one header, whatever its capitals. */
  all: (name: string) => string[];
  /** The head as it came, with its last blank line. */
  head: string;
  /** Without the framing of chunks. */
  body: Buffer;
  /** How many bytes the whole message took. */
  size: number;
}

/** What tells the end of a message that has no framing of its own. */
export interface Framing {
  /** The message answers this method: a response to HEAD has no body. */
  method?: string;
  /** A message without a length ends with the connection, as a response may. */
  untilClose?: boolean;
  /** The connection has ended. */
  closed?: boolean;
}

const LATIN1 = "latin1";

/** The first message in the bytes; undefined while it is incomplete. */
export function parseMessage(bytes: Buffer, framing: Framing = {}): HttpMessage | undefined {
  const message = parseHead(bytes);
  if (!message) return undefined;
  const start = message.head.length;
  const end = (size: number): HttpMessage => ({ ...message, size: start + size });
  if (hasNoBody(message.startLine, framing.method)) return end(0);
  if (message.all("transfer-encoding").some((coding) => /chunked$/i.test(coding))) {
    const chunks = parseChunks(bytes.subarray(start));
    return chunks && { ...end(chunks.size), body: chunks.body };
  }
  const [length] = message.all("content-length");
  if (length === undefined && framing.untilClose) {
    return framing.closed
      ? { ...end(bytes.length - start), body: bytes.subarray(start) }
      : undefined;
  }
  const size = Number(length ?? 0);
  if (bytes.length - start < size) return undefined;
  return { ...end(size), body: bytes.subarray(start, start + size) };
}

/** The head alone, as soon as it is there. The body is empty. */
export function parseHead(bytes: Buffer): HttpMessage | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = bytes.toString(LATIN1, 0, end + 4);
  const [startLine = "", ...lines] = head.slice(0, -4).split("\r\n");
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const all = (name: string): string[] =>
    headers
      .filter(([other]) => other.toLowerCase() === name.toLowerCase())
      .map(([, value]) => value);
  return {
    startLine,
    status: statusOf(startLine),
    headers,
    all,
    head,
    body: Buffer.alloc(0),
    size: head.length,
  };
}

function statusOf(startLine: string): number {
  return Number(/^HTTP\/\S+ (\d+)/.exec(startLine)?.[1]);
}

/** Bytes that must go out exactly as written: a string is Latin-1, one byte a character. */
export function toBytes(data: string | Uint8Array): Buffer {
  return typeof data === "string" ? Buffer.from(data, LATIN1) : Buffer.from(data);
}

function hasNoBody(startLine: string, method?: string): boolean {
  return method === "HEAD" || /^HTTP\/\S+ (1\d\d|204|304)\b/.test(startLine);
}

function parseChunks(bytes: Buffer): { body: Buffer; size: number } | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const line = bytes.indexOf("\r\n", at);
    if (line < 0) return undefined;
    const size = Number.parseInt(bytes.toString(LATIN1, at, line), 16);
    if (size === 0) {
      const trailers = bytes.indexOf("\r\n\r\n", line);
      return trailers < 0 ? undefined : { body: Buffer.concat(parts), size: trailers + 4 };
    }
    if (!(size > 0) || bytes.length < line + 4 + size) return undefined;
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 4 + size;
  }
}
