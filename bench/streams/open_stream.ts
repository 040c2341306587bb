import { createHttpReader } from "../../tests/support/http_reader.ts";
import { sharedClock, type StreamEvent, takeEvents } from "./events.ts";

/** A stream to open. */
export interface StreamOptions {
  port: number;
  /** Path and query of the request. */
  path: string;
  /** The number of the stream, for messages. */
  stream: number;
  /** Called with each event as soon as it is there. */
  onEvent: (event: StreamEvent) => void;
}

/** A stream that has received its first event. */
export interface OpenedStream {
  /** The time from the sending of the request to the first event. */
  firstMs: number;
  /** Leaves. */
  end: () => void;
}

/**
 * Opens an event stream on a bare socket; done with its first event. A response that is not 200, is
 * malformed or ends throws in the socket's handler, which ends the process.
 */
export async function openStream(options: StreamOptions): Promise<OpenedStream> {
  const { port, path, stream, onEvent } = options;
  const first = Promise.withResolvers<number>();
  const read = createReader((event) => {
    onEvent(event);
    first.resolve(sharedClock());
  });
  let sentMs = 0;
  let hasLeft = false;
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      open(socket) {
        sentMs = sharedClock();
        socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
      },
      data: (_, bytes) => read(bytes),
      close() {
        if (!hasLeft) throw new Error(`stream ${stream} was closed`);
      },
    },
  });
  const firstMs = (await first.promise) - sentMs;
  const end = () => {
    hasLeft = true;
    socket.end();
  };
  return { firstMs, end };
}

/** Creates a function that takes a response piece by piece. */
function createReader(onEvent: (event: StreamEvent) => void): (bytes: Buffer) => void {
  const reader = createHttpReader({ isResponse: true });
  let text = "";
  return (bytes) => {
    for (const part of reader.push(bytes)) {
      if (part.kind === "end") throw new Error("the stream has ended");
      if (part.kind === "body") text += part.bytes.toString("latin1");
      else if (part.head.status !== 200) throw new Error(part.head.head);
    }
    const parsed = takeEvents(text);
    text = parsed.rest;
    for (const event of parsed.events) onEvent(event);
  };
}
