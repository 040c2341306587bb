import { describe, expect, test } from "bun:test";
import { formatEnd, formatPiece } from "../../../bench/answers/answer_events.ts";
import { createAnswerReader } from "../../../bench/answers/answer_reader.ts";
import { formatQuestion, parseQuestion } from "../../../bench/answers/question.ts";
import { formatChunk } from "../../../bench/streams/chunks.ts";

const QUESTION = { number: 7, length: 3 };
const HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const PIECES = [0, 1, 2].map((sequence) => formatPiece({ question: 7, sequence }));
const [FIRST, SECOND, THIRD] = PIECES as [string, string, string];
const END = formatEnd(7, false);

/** Has a response read, a few bytes at a time, and returns what was called. */
function read(events: readonly string[], step = 1_000, head = HEAD): (number | "end")[] {
  const called: (number | "end")[] = [];
  const onPiece = (sequence: number) => void called.push(sequence);
  const take = createAnswerReader(QUESTION, { onPiece, onEnd: () => void called.push("end") });
  const bytes = Buffer.from(`${head}${events.map(formatChunk).join("")}0\r\n\r\n`);
  for (let at = 0; at < bytes.length; at += step) take(bytes.subarray(at, at + step));
  return called;
}

describe("createAnswerReader", () => {
  test.each([1, 7, 300, 10_000])("takes an answer, %d bytes at a time", (step) => {
    expect(read([...PIECES, END], step)).toEqual([0, 1, 2, "end"]);
  });

  test("takes comments, events in one chunk, and JSON with spaces", () => {
    const spaced = SECOND.replaceAll('":', '": ');
    expect(read([":\n\n", FIRST + spaced, THIRD, END])).toEqual([0, 1, 2, "end"]);
  });

  test.each<[string, string[], string]>([
    ["a lost event", [FIRST, THIRD, END], "piece 2 of 7, not 1"],
    ["a repeated event", [FIRST, FIRST], "piece 0 of 7, not 1"],
    ["an event of another answer", [formatPiece({ question: 8, sequence: 0 })], "piece 0 of 8"],
    ["a short answer", [FIRST, SECOND, END], "ends after 2"],
    ["a cut answer", PIECES, "ends after 3"],
    ["an event after the last one", [...PIECES, END, THIRD], "piece 2 of 7, not 3"],
    ["tokens that nobody asked for", [...PIECES, formatEnd(7, true)], "not an event of an answer"],
    ["an error", ['data: {"error":{"message":"no"}}\n\n'], "not an event of an answer"],
  ])("throws at %s", (_, events, message) => {
    expect(() => read(events)).toThrow(message);
  });

  test("throws at another status", () => {
    expect(() => read([], 1_000, "HTTP/1.1 429 \r\nContent-Length: 0\r\n\r\n")).toThrow("429");
  });
});

test("an event is as long as OpenAI's, and a prompt is of 1 kB", () => {
  for (const { length } of PIECES) expect(Math.abs(length - 250)).toBeLessThanOrEqual(50);
  const { messages } = JSON.parse(formatQuestion(QUESTION));
  expect(Math.abs(messages[0].content.length - 1_024)).toBeLessThan(32);
});

describe("parseQuestion", () => {
  test("finds what was asked, with and without usage", () => {
    const body = formatQuestion(QUESTION);
    expect(parseQuestion(body)).toEqual({ ...QUESTION, wantsUsage: false });
    const edited = { ...JSON.parse(body), stream_options: { include_usage: true } };
    expect(parseQuestion(JSON.stringify(edited))).toEqual({ ...QUESTION, wantsUsage: true });
  });

  test("throws at a changed prompt", () => {
    expect(() => parseQuestion(formatQuestion(QUESTION).replace("think", "drink"))).toThrow();
  });
});
