import { createHttpReader } from "../../tests/support/http_reader.ts";
import { takePieces } from "./answer_events.ts";
import type { Question } from "./question.ts";

/** What is called while an answer comes. */
export interface AnswerEvents {
  /** A piece is there; pieces count from zero. */
  onPiece: (sequence: number) => void;
  onEnd: () => void;
}

/**
 * Creates a function that takes the response to a question as its bytes come. It throws when they are not the answer
 * to that question, whole and in order.
 */
export function createAnswerReader(
  { number, length }: Question,
  { onPiece, onEnd }: AnswerEvents,
): (bytes: Buffer) => void {
  const reader = createHttpReader({ isResponse: true });
  let text = "";
  let next = 0;
  let isDone = false;
  const take = (bytes: Buffer): void => {
    const taken = takePieces(text + bytes.toString("latin1"));
    text = taken.rest;
    for (const { question, sequence } of taken.pieces) {
      if (question !== number || sequence !== next || isDone) {
        throw new Error(`answer ${number}: piece ${sequence} of ${question}, not ${next}`);
      }
      next += 1;
      onPiece(sequence);
    }
    isDone ||= taken.isDone;
  };
  return (bytes) => {
    for (const part of reader.push(bytes)) {
      if (part.kind === "body") take(part.bytes);
      else if (part.kind === "head" && part.head.status !== 200) throw new Error(`${bytes}`);
      else if (part.kind === "end") {
        if (!isDone || next !== length) throw new Error(`answer ${number} ends after ${next}`);
        onEnd();
      }
    }
  };
}
