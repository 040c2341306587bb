import { describe, expect, test } from "bun:test";
import { CredentialWarnings } from "../../../../lib/runtime/observe/credential_warnings.ts";
import { createLog, lineFormat, type Logger } from "../../../../lib/runtime/observe/log.ts";
import { LogQueue } from "../../../../lib/runtime/observe/log_queue.ts";
import { textLines } from "../../../../lib/runtime/observe/text_lines.ts";

const TIME = "2026-11-22T18:22:48.017Z";

function lineOf(fields: object, hasColors = false): string {
  let text = "";
  const sink = textLines({ write: (line) => void (text += line) }, { hasColors });
  sink.write(`${JSON.stringify({ level: "info", time: TIME, ...fields })}\n`);
  return text;
}

const REQUEST = {
  request_id: "r-1",
  method: "POST",
  status: 200,
  bytes_in: 112,
  bytes_out: 4711,
  ttfb_ms: 312.4,
  duration_ms: 3003.27,
  outcome: "complete",
  app: "web",
  secret: 0,
  upstream: "https://api.openai.com/v1/responses",
  msg: "request",
};

describe("a line for people", () => {
  test.each<[string, object, string]>([
    [
      "of a request",
      { ...REQUEST, sub: "eve", model: "gpt", input_tokens: 3 },
      "18:22:48 200  POST  https://api.openai.com/v1/responses  3.0 s  4.7 kB  web  sub=eve  model=gpt  input_tokens=3\n",
    ],
    [
      "of a refusal",
      { ...REQUEST, status: 403, outcome: "refused", code: "target_not_granted", reason: "to" },
      "18:22:48 403  POST  https://api.openai.com/v1/responses  3.0 s  4.7 kB  web  refused: target_not_granted: to  r-1\n",
    ],
    [
      "of a client that left",
      {
        ...REQUEST,
        status: 499,
        outcome: "client_gone",
        bytes_out: undefined,
        upstream: undefined,
      },
      "18:22:48 499  POST  –  3.0 s  web  client_gone  r-1\n",
    ],
    [
      "of another event",
      { level: "warn", code: "credential_refused", rule: "api", msg: "it is refused" },
      "18:22:48 warn   it is refused  code=credential_refused  rule=api\n",
    ],
  ])("%s", (_, fields, line) => expect(lineOf(fields)).toBe(line));

  test("has no character that acts on a terminal", () => {
    const odd = "\u001b[2Ja\u202eb\r\nc\u0007\u200d\u2028";
    const line = lineOf({ ...REQUEST, sub: odd, code: odd, upstream: odd, app: odd, method: odd });
    expect(line.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
    expect(line).toContain("\\u{1b}[2Ja\\u{202e}b");
  });

  test("has colours if it may", () => {
    expect(lineOf(REQUEST, true)).toContain("\u001b[32m200\u001b[0m");
    expect(lineOf(REQUEST)).not.toContain("\u001b");
  });
});

test.each([
  ["auto", false, undefined, "json"],
  ["auto", true, undefined, "colored text"],
  ["auto", true, "", "colored text"],
  ["auto", true, "1", "text"],
  ["text", false, undefined, "text"],
  ["text", true, "1", "text"],
  ["json", true, undefined, "json"],
] as const)(
  "lineFormat(%s), terminal %s, NO_COLOR %s: %s",
  (format, isTerminal, noColor, expected) => {
    expect(lineFormat(format, isTerminal, noColor)).toBe(expected);
  },
);

test("createLog writes text", () => {
  let text = "";
  const queue = new LogQueue((bytes, done) => {
    text += new TextDecoder().decode(bytes);
    done(null, bytes.length);
  });
  createLog("info", queue, { format: "text", base: { worker: 1 } }).info({ a: 2 }, "began");
  expect(text).toMatch(/^\d\d:\d\d:\d\d info   began  worker=1  a=2\n$/);
});

test("CredentialWarnings warns once a minute for each rule of an app", () => {
  const clock = { now: 0 };
  const warned: object[] = [];
  const log = { warn: (fields: object) => void warned.push(fields) } as unknown as Logger;
  const warnings = new CredentialWarnings(log, () => clock.now);
  const refused = (app: string, credentialRefused?: number) =>
    warnings.observe({
      app,
      rule: "api.test",
      ...(credentialRefused && { credentialRefused }),
    } as never);
  refused("web");
  for (let i = 0; i < 3; i++) refused("web", 401);
  refused("shop", 403);
  clock.now = 59_999;
  refused("web", 401);
  expect(warned.length).toBe(2);
  clock.now = 60_000;
  refused("web", 401);
  expect(warned.map((fields) => (fields as { app: string }).app)).toEqual(["web", "shop", "web"]);
  expect(warned[1]).toEqual({
    code: "credential_refused",
    app: "shop",
    rule: "api.test",
    upstream_status: 403,
  });
});
