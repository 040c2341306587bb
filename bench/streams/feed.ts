import type { Socket } from "bun";
import { createHttpReader, type HttpReader } from "../../tests/support/http_reader.ts";
import { formatChunk } from "./chunks.ts";
import { clock, formatEvent, requestedStream } from "./events.ts";
import { obey } from "../load/helper_process.ts";

// The upstream of all event streams, on bare sockets, as an HTTP server would cost the processors
// more than some of what is measured.

export type FeedOrders = typeof orders;

const HEAD = [
  "HTTP/1.1 200 OK",
  "Content-Type: text/event-stream",
  "Cache-Control: no-store",
  "Transfer-Encoding: chunked",
  "\r\n",
].join("\r\n");

interface Stream {
  socket: Socket<Connection>;
  number: number;
}

interface Connection {
  reader: HttpReader;
}

const streams: Stream[] = [];
let published = 0;

const server = Bun.listen<Connection>({
  hostname: "127.0.0.1",
  port: 0,
  socket: {
    open(socket) {
      socket.data = { reader: createHttpReader() };
    },
    data(socket, bytes) {
      for (const event of socket.data.reader.push(bytes)) {
        if (event.kind === "head") begin(socket, event.head.head);
      }
    },
  },
});

const orders = {
  port: () => server.port,

  /** Sends every stream that many events, so many a second, spread evenly over the second. */
  async publish(count: number, perSecond: number) {
    const total = streams.length * count;
    const start = performance.now();
    let sent = 0;
    while (sent < total) {
      await Bun.sleep(1);
      const due = Math.floor(((performance.now() - start) / 1000) * streams.length * perSecond);
      for (; sent < Math.min(due, total); sent++) {
        const sequence = published + 1 + Math.floor(sent / streams.length);
        send(streams[sent % streams.length]!, sequence);
      }
    }
    published += count;
  },
};

function begin(socket: Socket<Connection>, head: string): void {
  const number = requestedStream(head);
  if (number === undefined) throw new Error(`not a stream: ${head}`);
  const stream = { socket, number };
  streams.push(stream);
  // The first event comes at once, so that the client knows that its stream is open.
  send(stream, 0, HEAD);
}

function send({ socket, number }: Stream, sequence: number, head = ""): void {
  const text = head + formatChunk(formatEvent({ stream: number, sequence, sentMs: clock() }));
  if (socket.write(text) !== text.length) throw new Error(`stream ${number} takes no more events`);
}

obey(orders);
