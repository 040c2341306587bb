import { describe, expect, test } from "bun:test";
import { createHttpReader, type HttpReaderOptions } from "./http_reader.ts";

const RESPONSES = { isResponse: true };
const HEAD_RESPONSES = { isResponse: true, method: "HEAD" };

/**
 * What a reader yields for bytes that come in pieces of one size: the start line, the body with its
 * length when it has ended, and the end of the connection's bytes.
 */
function read(text: string, options: HttpReaderOptions, size = text.length): string[] {
  const reader = createHttpReader(options);
  const bytes = Buffer.from(text, "latin1");
  const told: string[] = [];
  let body = "";
  const take = (events: ReturnType<typeof reader.push>): void => {
    for (const event of events) {
      if (event.kind === "head") told.push(event.head.startLine);
      else if (event.kind === "body") body += event.bytes.toString("latin1");
      else told.push(`${body}, ${event.size} bytes`);
      if (event.kind !== "body") body = "";
    }
  };
  for (let at = 0; at < bytes.length; at += size) take(reader.push(bytes.subarray(at, at + size)));
  if (body !== "") told.push(`${body} so far`);
  take(reader.close());
  return told;
}

const GET = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
const POST = (...lines: string[]) => ["POST /b HTTP/1.1", ...lines, "", ""].join("\r\n");
const OK = (...lines: string[]) => ["HTTP/1.1 200 OK", ...lines, "", ""].join("\r\n");
const CHUNKED = "Transfer-Encoding: chunked";

const MESSAGES: [name: string, text: string, options: HttpReaderOptions, events: string[]][] = [
  ["a request without a body", GET, {}, ["GET /a HTTP/1.1", ", 28 bytes"]],
  ["a length", `${POST("content-length: 5")}hello`, {}, ["POST /b HTTP/1.1", "hello, 44 bytes"]],
  [
    "chunks",
    `${POST(CHUNKED)}3\r\nhel\r\n00B\r\nlo,\r\n world\r\n0\r\n\r\n`,
    {},
    ["POST /b HTTP/1.1", "hello,\r\n world, 79 bytes"],
  ],
  [
    "trailers",
    `${OK(CHUNKED)}1\r\na\r\n0\r\nX-Trailer: 1\r\nX-Other: 2\r\n\r\n`,
    RESPONSES,
    ["HTTP/1.1 200 OK", "a, 84 bytes"],
  ],
  [
    "one request after the other",
    `${POST("Content-Length: 2")}ok${GET}${GET}`,
    {},
    [
      ...["POST /b HTTP/1.1", "ok, 41 bytes"],
      ...["GET /a HTTP/1.1", ", 28 bytes", "GET /a HTTP/1.1", ", 28 bytes"],
    ],
  ],
  [
    "a response that ends with the connection",
    `${OK()}hello`,
    RESPONSES,
    ["HTTP/1.1 200 OK", "hello so far", "hello, 24 bytes"],
  ],
  [
    "interim responses",
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${OK("Content-Length: 0")}`,
    RESPONSES,
    ["HTTP/1.1 200 OK", ", 38 bytes"],
  ],
  [
    "responses to HEAD",
    `${OK("Content-Length: 9")}${OK(CHUNKED)}`,
    HEAD_RESPONSES,
    ["HTTP/1.1 200 OK", ", 38 bytes", "HTTP/1.1 200 OK", ", 47 bytes"],
  ],
  [
    "statuses without a body",
    "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
    RESPONSES,
    [...["HTTP/1.1 204 No Content", ", 27 bytes"], ...["HTTP/1.1 304 Not Modified", ", 48 bytes"]],
  ],
  ["half a head", "GET / HTTP/1.1\r\nHost: a\r\n", {}, []],
  ["half a body", `${POST("Content-Length: 5")}hel`, {}, ["POST /b HTTP/1.1", "hel so far"]],
  ["half a chunk", `${POST(CHUNKED)}5\r\nhel`, {}, ["POST /b HTTP/1.1", "hel so far"]],
  ["no last chunk", `${OK(CHUNKED)}3\r\nhel\r\n`, RESPONSES, ["HTTP/1.1 200 OK", "hel so far"]],
  ["half a last chunk", `${OK(CHUNKED)}0\r\n`, RESPONSES, ["HTTP/1.1 200 OK"]],
];

describe("an HTTP reader", () => {
  describe.each(MESSAGES)("reads %s", (_, text, options, events) => {
    test.each([1, 2, 7, 1000])("in pieces of %i bytes", (size) => {
      expect(read(text, options, size)).toEqual(events);
    });
  });

  test("yields each piece of a body when it has come", () => {
    const reader = createHttpReader();
    const push = (text: string) => [...reader.push(Buffer.from(text))].map(({ kind }) => kind);
    expect(push(`${POST(CHUNKED)}5\r\nhe`)).toEqual(["head", "body"]);
    expect(push("l")).toEqual(["body"]);
    expect(push("lo\r\n0\r\n")).toEqual(["body"]);
    expect(push("\r\n")).toEqual(["end"]);
  });

  test("goes on where the caller stopped", () => {
    const reader = createHttpReader();
    for (const event of reader.push(Buffer.from(GET + GET))) if (event.kind === "end") break;
    const rest = [...reader.push(Buffer.from(GET))].map(({ kind }) => kind);
    expect(rest).toEqual(["head", "end", "head", "end"]);
  });

  test("tells the headers as they were sent", () => {
    const [event] = [...createHttpReader().push(Buffer.from(POST("X-A: 1 ", "x-a:2")))];
    if (event?.kind !== "head") throw new Error("no head");
    expect(event.head.headers).toEqual([
      ["X-A", "1"],
      ["x-a", "2"],
    ]);
    expect(event.head.all("X-a")).toEqual(["1", "2"]);
    expect(event.head.status).toBeNaN();
  });

  test.each([
    ["two lengths", POST("Content-Length: 1", "Content-Length: 1"), "framed twice"],
    ["a length and chunks", POST("Content-Length: 1", CHUNKED), "framed twice"],
    ["two codings", POST(CHUNKED, CHUNKED), "framed twice"],
    ["an unknown coding", POST("Transfer-Encoding: gzip, chunked"), "unknown coding"],
    ["a length with a sign", POST("Content-Length: +1"), "malformed length"],
    ["a list of lengths", POST("Content-Length: 1, 1"), "malformed length"],
    ["a letter as the size of a chunk", `${POST(CHUNKED)}g\r\n`, "malformed chunk size"],
    ["an extension of a chunk", `${POST(CHUNKED)}1;a=b\r\na\r\n`, "malformed chunk size"],
    ["a size beyond 32 bits", `${POST(CHUNKED)}100000000\r\n`, "malformed chunk size"],
    ["a chunk longer than its size", `${POST(CHUNKED)}1\r\nab\r\n`, "malformed end of a chunk"],
  ])("refuses %s, and yields nothing more", (_, text, message) => {
    const reader = createHttpReader();
    expect(() => [...reader.push(Buffer.from(text))]).toThrow(message);
    expect([...reader.push(Buffer.from(GET))]).toEqual([]);
  });
});
