import { takeBlocks } from "../streams/blocks.ts";

/** One piece of an answer. */
export interface AnswerPiece {
  /** The number of the question. */
  question: number;
  /** Counts from zero within its answer. */
  sequence: number;
}

/** What has come of an answer. */
export interface TakenPieces {
  pieces: AnswerPiece[];
  /** Whether the last event has come. */
  isDone: boolean;
  /** The beginning of the next event. */
  rest: string;
}

const STOP = '"finish_reason":"stop"';
const DONE = "data: [DONE]";
const USAGE = { prompt_tokens: 260, completion_tokens: 200, total_tokens: 460 };

/** A piece as one event, in the form and of the size of OpenAI's. */
export function formatPiece({ question, sequence }: AnswerPiece): string {
  const delta = `{"content":" ${question}.${sequence}"}`;
  return formatEvent(
    question,
    `[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":null}]`,
  );
}

/** The last events of an answer. */
export function formatEnd(question: number, wantsUsage: boolean): string {
  const stop = formatEvent(question, `[{"index":0,"delta":{},"logprobs":null,${STOP}}]`);
  const usage = wantsUsage ? formatEvent(question, `[],"usage":${JSON.stringify(USAGE)}`) : "";
  return `${stop}${usage}${DONE}\n\n`;
}

function formatEvent(question: number, choices: string): string {
  const id = `chatcmpl-C7Zf0Qm2yXoW4kVtR9sLb${String(question).padStart(7, "0")}`;
  const fixed = `"object":"chat.completion.chunk","created":1767225600,"model":"gpt-4o-mini-2024-07-18"`;
  const served = `"service_tier":"default","system_fingerprint":"fp_560af6e559"`;
  return `data: {"id":"${id}",${fixed},${served},"choices":${choices}}\n\n`;
}

/**
 * Takes the whole events off the front of an answer's text. Gateways may write their JSON anew.
 *
 * @param text the rest of the text before, and the text that came since
 * @throws Error on an event that is not of such an answer
 */
export function takePieces(text: string): TakenPieces {
  const { blocks, rest } = takeBlocks(text);
  const isDone = blocks.at(-1) === DONE;
  const pieces = (isDone ? blocks.slice(0, -1) : blocks).map(parsePiece).filter((piece) => !!piece);
  return { pieces, isDone, rest };
}

/** The piece in an event; undefined when it is the one with the reason of the end. The tokens were not asked for. */
function parsePiece(block: string): AnswerPiece | undefined {
  const [, question, sequence] = /"content": ?" (\d+)\.(\d+)"/.exec(block) ?? [];
  if (sequence !== undefined) return { question: Number(question), sequence: Number(sequence) };
  if (/"finish_reason": ?"stop"/.test(block)) return undefined;
  throw new Error(`not an event of an answer: ${JSON.stringify(block)}`);
}
