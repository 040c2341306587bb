import { describe, expect, test } from "bun:test";
import type { Usage } from "../../../../lib/gateway/model/usage.ts";
import { createUsageReader } from "../../../../lib/gateway/usage/usage_reader.ts";
import {
  ANSWERS,
  type Answered,
  CHAT,
  CHAT_EVENTS,
  CHAT_USAGE,
  chunk,
  data,
  MESSAGE_EVENTS,
  MESSAGES,
  named,
  RESPONSES,
  responseEvents,
  STREAM_GENERATE,
  TWO_CANDIDATES,
} from "./answers.ts";
import { readerOf, reportOf } from "./report_of.ts";

const encoder = new TextEncoder();
const rows = Object.entries(ANSWERS);

describe("a report is read", () => {
  test.each(rows)("of %s", (_, answer) => expect(reportOf(answer)).toEqual(answer.usage));

  test.each(rows)("of %s, in pieces of any size", (_, answer) => {
    for (const size of [1, 2, 3, 7, 64]) expect(reportOf(answer, size)).toEqual(answer.usage);
  });

  test.each(rows)("of %s, divided at each byte", (_, answer) => {
    const bytes = encoder.encode(answer.body);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const reader = readerOf(answer);
      reader.read(bytes.subarray(0, cut));
      reader.read(bytes.subarray(cut));
      reader.end?.();
      expect(reader.report()).toEqual(answer.usage);
    }
  });
});

describe("an answer that is cut has no report", () => {
  test.each(rows)("%s, at each byte", (_, { operation, type, body, endsWith = body }) => {
    const bytes = encoder.encode(body);
    // The last line end of a stream of events ends the last event.
    const end = encoder.encode(body.slice(0, body.indexOf(endsWith) + endsWith.length)).length;
    for (let cut = 0; cut < bytes.length; cut++) {
      const reader = readerOf({ operation, type });
      reader.read(bytes.subarray(0, cut));
      // Of a last CRLF the LF ends nothing more.
      const isOver = cut >= end || (body.endsWith("\r\n") && cut === bytes.length - 1);
      if (isOver) continue;
      expect([cut, reader.report()]).toEqual([cut, undefined]);
      expect([cut, reader.hasEnded?.() ?? false]).toEqual([cut, false]);
    }
  });

  test("nor after the usage, without the last event", () => {
    const body = CHAT_EVENTS.slice(0, -1).join("");
    expect(reportOf({ operation: CHAT, type: "text/event-stream", body })).toBeUndefined();
    const messages = MESSAGE_EVENTS.slice(0, -1).join("");
    const answer = { operation: MESSAGES, type: "text/event-stream", body: messages } as const;
    expect(reportOf(answer)).toBeUndefined();
  });

  test("nor before each candidate is finished", () => {
    const answer = (count: number) => ({
      operation: STREAM_GENERATE,
      type: "text/event-stream" as const,
      body: TWO_CANDIDATES.slice(0, count).map(data).join(""),
    });
    expect(reportOf(answer(2))).toBeUndefined();
    expect(reportOf(answer(3), 10, 2)).toMatchObject({ input: 30, output: 9 });
    // One that was asked for has not begun.
    expect(reportOf(answer(3), 10, 3)).toBeUndefined();
  });
});

const json = (value: unknown): Omit<Answered, "usage"> => ({
  operation: CHAT,
  type: "application/json",
  body: typeof value === "string" ? value : JSON.stringify(value),
});
const withUsage = (usage: object) => json({ usage: { ...CHAT_USAGE, ...usage } });
const stream = (...parts: string[]): Omit<Answered, "usage"> => ({
  operation: CHAT,
  type: "text/event-stream",
  body: parts.join(""),
});
const DONE = "data: [DONE]\n\n";

describe("no report is", () => {
  test.each<[string, Omit<Answered, "usage">]>([
    ["a negative number", withUsage({ prompt_tokens: -1 })],
    ["a fraction", withUsage({ completion_tokens: 1.5 })],
    ["more than 2^53", withUsage({ prompt_tokens: 2 ** 53 })],
    ["1e300", json('{"usage":{"prompt_tokens":1e300,"completion_tokens":1}}')],
    ["1e999", json('{"usage":{"prompt_tokens":1e999,"completion_tokens":1}}')],
    ["a text", withUsage({ prompt_tokens: "12" })],
    ["a list", withUsage({ completion_tokens: [7] })],
    ["a wrong detail", withUsage({ prompt_tokens_details: { cached_tokens: -4 } })],
    ["a missing input", withUsage({ prompt_tokens: null })],
    ["a missing output", withUsage({ completion_tokens: undefined })],
    ["a usage of null", json({ usage: null })],
    ["no usage", json({ model: "gpt-5-mini" })],
    ["a usage that is deeper", json({ response: { usage: CHAT_USAGE } })],
    ["a text after the body", json(`${JSON.stringify({ usage: CHAT_USAGE })}x`)],
    ["a second body", json(JSON.stringify({ usage: CHAT_USAGE }).repeat(2))],
    ["HTML", json("<html>{}</html>")],
    ["a text alone", json('"usage"')],
    ["nothing", json("")],
    ["a member that is too long", json({ usage: { ...CHAT_USAGE, more: "x".repeat(70_000) } })],
    ["a wrong number in an event", stream(chunk([], { ...CHAT_USAGE, prompt_tokens: -1 }), DONE)],
    ["an event that is no JSON", stream('data: {"usage":{"prompt_tokens":1}\n\n', DONE)],
    ["an end without a usage", stream(chunk([{ index: 0 }]), DONE)],
    ["a usage after the end", stream(DONE, chunk([], CHAT_USAGE))],
    ["a usage in a comment", stream(`: ${chunk([], CHAT_USAGE)}`, DONE)],
    ["an event that is too long", stream(`data: ${"x".repeat(2 ** 23)}\n\n`, ...CHAT_EVENTS)],
    [
      "a failed response without usage",
      { ...stream(...responseEvents("response.failed", null)), operation: RESPONSES },
    ],
    [
      "a usage with steps that the sum leaves out",
      {
        operation: MESSAGES,
        type: "application/json",
        body: JSON.stringify({
          usage: { input_tokens: 1, output_tokens: 1, iterations: [{ type: "compaction" }] },
        }),
      },
    ],
  ])("%s", (_, answer) => expect(reportOf(answer, 1000)).toBeUndefined());

  test.each<[string, number, Record<string, string>]>([
    [
      "an answer with gzip",
      200,
      { "content-type": "application/json", "content-encoding": "gzip" },
    ],
    ["events with br", 200, { "content-type": "text/event-stream", "content-encoding": "br" }],
    ["a part of an answer", 206, { "content-type": "application/json" }],
    ["an error", 500, { "content-type": "application/json" }],
    ["HTML", 200, { "content-type": "text/html" }],
    ["an answer without a type", 200, {}],
  ])("%s", (_, status, headers) => {
    const head = { status, headers: new Headers(headers) };
    expect(createUsageReader(CHAT.usage!, head)).toBeUndefined();
  });
});

describe("the name of the model", () => {
  test.each<[unknown, Partial<Usage>]>([
    ["gpt-5-mini", { model: "gpt-5-mini" }],
    ["x".repeat(128), { model: "x".repeat(128) }],
    ["x".repeat(129), {}],
    ["", {}],
    [7, {}],
    [null, {}],
  ])("%j", (model, expected) => {
    const { model: found } = reportOf(json({ model, usage: CHAT_USAGE }))!;
    expect({ ...(found !== undefined && { model: found }) }).toEqual(expected);
  });
});

test("a later event of a message replaces what an earlier one said", () => {
  const delta = (usage: object) => named({ type: "message_delta", ...{ usage } });
  const body = [
    ...MESSAGE_EVENTS.slice(0, -1),
    delta({ input_tokens: 11, output_tokens: 20 }),
    MESSAGE_EVENTS.at(-1),
  ].join("");
  const answer = { operation: MESSAGES, type: "text/event-stream" as const, body };
  expect(reportOf(answer)).toMatchObject({ input: 2311, output: 20 });
});
