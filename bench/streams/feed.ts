import type { Socket } from "bun";
import { createHttpReader, type HttpReader } from "../../tests/support/http_reader.ts";
import { formatChunk } from "./chunks.ts";
import { formatEvent, parseStreamNumber, sharedClock } from "./events.ts";
import { handleCalls } from "../load/helper_process.ts";
import { pace } from "./pace.ts";

// The upstream of all event streams, on bare sockets, as an HTTP server would cost the processors
// more than some of the peers that are measured.

export type FeedHandlers = ReturnType<typeof startFeed>;

const HEAD = [
  "HTTP/1.1 200 OK",
  "Content-Type: text/event-stream",
  "Cache-Control: no-store",
  "Transfer-Encoding: chunked",
  "\r\n",
].join("\r\n");

interface OpenStream {
  socket: Socket<RequestState>;
  number: number;
}

interface RequestState {
  reader: HttpReader;
  stream?: OpenStream;
}

/**
 * Starts the feed on a free port.
 *
 * @returns the functions that the parent process can call
 */
function startFeed() {
  const streams: OpenStream[] = [];
  const server = listen(streams);
  let published = 0;
  return {
    port: () => server.port,

    /** Sends so many events to every stream, so many a second, spread evenly over the second. */
    async publish(count: number, perSecond: number) {
      const { length } = streams;
      await pace(length * count, length * perSecond, (sent) => {
        send(streams[sent % length]!, published + 1 + Math.floor(sent / length));
      });
      published += count;
    },
  };
}

/** @param streams gets those that are open */
function listen(streams: OpenStream[]) {
  return Bun.listen<RequestState>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open(socket) {
        socket.data = { reader: createHttpReader() };
      },
      data(socket, bytes) {
        for (const event of socket.data.reader.push(bytes)) {
          if (event.kind === "head") streams.push(begin(socket, event.head.head));
        }
      },
      close({ data: { stream } }) {
        if (stream) streams.splice(streams.indexOf(stream), 1);
      },
    },
  });
}

function begin(socket: Socket<RequestState>, head: string): OpenStream {
  const number = parseStreamNumber(head);
  if (number === undefined) throw new Error(`not a stream: ${head}`);
  const stream = { socket, number };
  socket.data.stream = stream;
  // The first event comes at once, so that the client knows that its stream is open.
  send(stream, 0, HEAD);
  return stream;
}

function send({ socket, number }: OpenStream, sequence: number, head = ""): void {
  const event = formatEvent({ stream: number, sequence, sentMs: sharedClock() });
  const text = head + formatChunk(event);
  if (socket.write(text) !== text.length) throw new Error(`stream ${number} takes no more events`);
}

handleCalls(startFeed());
