import type { Socket } from "bun";
import { createHttpReader, type HttpReader } from "../../tests/support/http_reader.ts";
import { CHAT_PATH } from "../load/chat_requests.ts";
import { handleCalls } from "../load/helper_process.ts";
import { formatChunk } from "../streams/chunks.ts";
import { pace } from "../streams/pace.ts";
import { formatEnd, formatPiece } from "./answer_events.ts";
import { type AskedQuestion, parseQuestion } from "./question.ts";

// An API of chat completions, on bare sockets, as an HTTP server would cost the processors more than some of the
// peers that are measured. It writes while it is told to: between measurements all answers stand still.

export type ProviderHandlers = ReturnType<typeof startProvider>;

const HEAD = [
  "HTTP/1.1 200 OK",
  "Content-Type: text/event-stream; charset=utf-8",
  "Cache-Control: no-cache",
  "Transfer-Encoding: chunked",
  "\r\n",
].join("\r\n");
const LAST_CHUNK = "0\r\n\r\n";
// Some gateways look around first.
const NOT_FOUND = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

interface Answer extends AskedQuestion {
  socket: Socket<RequestState>;
  /** The number of pieces so far. */
  sent: number;
}

interface RequestState {
  reader: HttpReader;
  head: string;
  body: string;
}

/**
 * Starts the provider on a free port.
 *
 * @param authorization the right value of the Authorization header
 * @returns the functions that the parent process can call
 */
function startProvider(authorization: string | undefined) {
  /** The open answers; each gets a piece in turn. An answer that ended leaves its place to the next. */
  const places: (Answer | undefined)[] = [];
  const vacant: number[] = [];
  const counts = { answers: 0, authorized: 0, pieces: 0 };
  let turn = 0;

  const send = (answer: Answer, head = ""): boolean => {
    counts.pieces += 1;
    return sendPiece(answer, head);
  };
  const begin = (socket: Socket<RequestState>, { head, body }: RequestState): void => {
    counts.answers += 1;
    if (head.toLowerCase().includes(`\r\nauthorization: ${authorization}\r\n`.toLowerCase())) {
      counts.authorized += 1;
    }
    const answer = { ...parseQuestion(body), socket, sent: 0 };
    // The first piece comes at once, so that only the gateway makes its caller wait.
    if (!send(answer, HEAD)) places[vacant.shift() ?? places.length] = answer;
  };
  const server = listen(begin);

  return {
    port: () => server.port,
    counts: () => counts,

    /** Writes for so long, so many pieces a second of each answer, spread evenly over the second. */
    async write(seconds: number, perSecond: number): Promise<void> {
      const rate = places.length * perSecond;
      await pace(rate * seconds, rate, () => {
        const place = turn++ % places.length;
        const answer = places[place];
        if (!answer || !send(answer)) return;
        places[place] = undefined;
        vacant.push(place);
      });
    },

    /** The number of pieces of all answers, once each that has ended was followed by another one. */
    pieces: () => counts.pieces + vacant.length,
  };
}

function listen(onRequest: (socket: Socket<RequestState>, request: RequestState) => void) {
  return Bun.listen<RequestState>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open(socket) {
        socket.data = { reader: createHttpReader(), head: "", body: "" };
      },
      data(socket, bytes) {
        const { data } = socket;
        for (const event of data.reader.push(bytes)) {
          if (event.kind === "head") [data.head, data.body] = [event.head.head, ""];
          else if (event.kind === "body") data.body += event.bytes.toString("latin1");
          else if (data.head.startsWith(`POST ${CHAT_PATH} `)) onRequest(socket, data);
          else socket.write(NOT_FOUND);
        }
      },
    },
  });
}

/** Sends the next piece of an answer, and its end after the last one. Returns whether it was the last one. */
function sendPiece(answer: Answer, head: string): boolean {
  const { socket, number: question, length, wantsUsage } = answer;
  const piece = formatPiece({ question, sequence: answer.sent++ });
  const isLast = answer.sent === length;
  const end = isLast ? formatChunk(formatEnd(question, wantsUsage)) + LAST_CHUNK : "";
  const text = head + formatChunk(piece) + end;
  if (socket.write(text) !== text.length) throw new Error(`answer ${question} takes no more`);
  return isLast;
}

handleCalls(startProvider(process.argv[2]));
