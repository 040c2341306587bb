import type { ChatHead } from "../load/chat_requests.ts";
import { formatRequest } from "../load/requests.ts";
import { createAnswerReader } from "./answer_reader.ts";
import { formatQuestion, type Question } from "./question.ts";

/** An answer that is on its way. */
export interface AwaitedAnswer {
  /** The time from the request to the first piece, in milliseconds. */
  first: Promise<number>;
  whole: Promise<void>;
}

/** A connection that gets one answer after the other. */
export interface Caller {
  /** Asks a question, once the answer to the one before is whole. Calls a function for each piece. */
  ask(question: Question, onPiece: () => void): AwaitedAnswer;
  close(): void;
}

/**
 * Connects to a gateway. Whatever is not the answer to the question, whole and in order, throws in the socket's
 * handler, which ends the process.
 *
 * @param port the port of the gateway
 * @param head the rest of each request
 */
export async function connectCaller(port: number, head: ChatHead): Promise<Caller> {
  let read: (bytes: Buffer) => void = throwUnasked;
  let isClosed = false;
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      data: (_, bytes) => read(bytes),
      close() {
        if (!isClosed) throw new Error("a connection was closed");
      },
    },
  });
  return {
    ask(question, onPiece) {
      const request = formatRequest({ ...head, body: formatQuestion(question) });
      const first = Promise.withResolvers<number>();
      const whole = Promise.withResolvers<void>();
      const sentMs = performance.now();
      read = createAnswerReader(question, {
        onPiece(sequence) {
          if (sequence === 0) first.resolve(performance.now() - sentMs);
          onPiece();
        },
        onEnd() {
          read = throwUnasked;
          whole.resolve();
        },
      });
      if (socket.write(request) !== request.length) throw new Error("a request was not sent");
      return { first: first.promise, whole: whole.promise };
    },
    close() {
      isClosed = true;
      socket.end();
    },
  };
}

function throwUnasked(bytes: Buffer): void {
  throw new Error(`nobody asked for ${bytes}`);
}
