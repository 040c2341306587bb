import { type HttpMessage, parseHead } from "../support/http_message.ts";

/** What a reader tells, one message after the other. */
export interface MessageEvents {
  onHead: (head: HttpMessage) => void;
  onBody: (bytes: Buffer) => void;
  onEnd: () => void;
}

/** Reads HTTP/1.1 messages from the bytes of a connection as they come. */
export interface MessageReader {
  /** Takes what came. Throws at what is not HTTP. */
  push: (bytes: Buffer) => void;
  /** The connection has ended. Returns whether that was between two messages. */
  close: () => boolean;
}

type State = "head" | "length" | "size" | "chunk" | "chunk_end" | "trailers" | "until_close";

const LINE_END = "\r\n";

/**
 * Makes a reader that is strict about framing, because what it reads has passed the gateway.
 *
 * @param events called as the pieces come
 * @param isResponse a message without a length then ends with the connection; interim responses are
 *   passed over
 */
export function createMessageReader(events: MessageEvents, isResponse = false): MessageReader {
  let pending: Buffer = Buffer.alloc(0);
  let state: State = "head";
  let left = 0;

  const finish = (): true => {
    state = "head";
    events.onEnd();
    return true;
  };

  const line = (): string | undefined => {
    const end = pending.indexOf(LINE_END);
    if (end < 0) return undefined;
    const text = pending.toString("latin1", 0, end);
    pending = pending.subarray(end + LINE_END.length);
    return text;
  };

  const pass = (size: number): boolean => {
    if (size === 0) return false;
    const bytes = pending.subarray(0, size);
    pending = pending.subarray(size);
    left -= size;
    events.onBody(bytes);
    return true;
  };

  const begin = (head: HttpMessage): boolean => {
    pending = pending.subarray(head.size);
    if (isResponse && Math.floor(head.status / 100) === 1) return true;
    events.onHead(head);
    const lengths = head.all("content-length");
    const codings = head.all("transfer-encoding");
    if (lengths.length + codings.length > 1) throw new Error("framed twice");
    if (isResponse && (head.status === 204 || head.status === 304)) return finish();
    if (codings.length > 0) {
      if (codings[0]?.toLowerCase() !== "chunked") throw new Error("unknown coding");
      state = "size";
      return true;
    }
    if (lengths[0] === undefined && isResponse) {
      state = "until_close";
      return true;
    }
    left = lengthOf(lengths[0] ?? "0");
    state = "length";
    return left > 0 || finish();
  };

  const steps: Record<State, () => boolean> = {
    head() {
      const head = parseHead(pending);
      return head !== undefined && begin(head);
    },
    length: () => pass(Math.min(left, pending.length)) && (left > 0 || finish()),
    size() {
      const text = line();
      if (text === undefined) return false;
      if (!/^[0-9a-f]{1,8}$/i.test(text)) throw new Error("malformed chunk size");
      left = Number.parseInt(text, 16);
      state = left > 0 ? "chunk" : "trailers";
      return true;
    },
    chunk() {
      if (!pass(Math.min(left, pending.length))) return false;
      if (left === 0) state = "chunk_end";
      return true;
    },
    chunk_end() {
      const text = line();
      if (text === undefined) return false;
      if (text !== "") throw new Error("malformed end of a chunk");
      state = "size";
      return true;
    },
    trailers() {
      const text = line();
      return text !== undefined && (text !== "" || finish());
    },
    until_close: () => pass(pending.length),
  };

  return {
    push(bytes) {
      pending = pending.length > 0 ? Buffer.concat([pending, bytes]) : bytes;
      while (steps[state]());
    },
    close() {
      if (state === "until_close") finish();
      return state === "head" && pending.length === 0;
    },
  };
}

function lengthOf(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new Error("malformed length");
  return Number(text);
}
