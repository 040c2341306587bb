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

const LATIN1 = "latin1";

/** The head at the front of the bytes, with an empty body; undefined while it is incomplete. */
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

/** Bytes that must go out exactly as written: a string is Latin-1, one byte a character. */
export function toBytes(data: string | Uint8Array): Buffer {
  return typeof data === "string" ? Buffer.from(data, LATIN1) : Buffer.from(data);
}

function statusOf(startLine: string): number {
  return Number(/^HTTP\/\S+ (\d+)/.exec(startLine)?.[1]);
}
