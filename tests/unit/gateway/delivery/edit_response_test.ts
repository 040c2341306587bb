import { describe, expect, test } from "bun:test";
import { editResponse } from "../../../../lib/gateway/delivery/edit_response.ts";
import type { ResponseEdit } from "../../../../lib/gateway/model/response_edit.ts";
import { isJsonObject } from "../../../../lib/signing/verify.ts";

/** Removes `secret`, and leaves out documents with `gone`. */
const EDIT: ResponseEdit = {
  marker: "secret",
  edit: (document) => {
    if (!isJsonObject(document)) return document;
    if (document["gone"] !== undefined) return undefined;
    const { secret: _, ...rest } = document;
    return Object.assign(Object.create(null), rest);
  },
};

const JSON_TYPE = { "content-type": "application/json" };
const EVENTS = { "content-type": "text/event-stream; charset=utf-8" };

/** An upstream's response whose body arrives in pieces of a size. */
function upstream(
  body: string,
  init: ResponseInit & { size?: number; onCancel?: () => void },
): Response {
  const bytes = new TextEncoder().encode(body);
  const { size = bytes.length, onCancel } = init;
  let start = 0;
  const stream = new ReadableStream({
    pull(controller) {
      if (start >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(start, (start += size)));
    },
    ...(onCancel && { cancel: onCancel }),
  });
  return new Response(stream, init);
}

const failure = async (response: Response) =>
  response.text().then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a body of JSON", () => {
  test.each([
    ['{"a":1.0,"secret":"x","b":[1e3,-0]}', '{"a":1.0,"b":[1e3,-0]}'],
    ['{"\\u0073ecret":1,"ü":"😀"}', '{"ü":"😀"}'],
    [' {"secret":{"secret":1}} \n', "{}"],
    ['\ufeff{"secret":1}', "{}"],
    ["[1]", "[1]"],
    ["", ""],
    // Beyond what a double can hold, so it is read as JavaScript does.
    ['{"a":12345678901234567,"secret":1}', '{"a":12345678901234568}'],
  ])("%s", async (body, expected) => {
    for (const size of [1, 3, 1000]) {
      const response = editResponse(upstream(body, { headers: JSON_TYPE, size }), EDIT);
      expect(await response.text()).toBe(expected);
    }
  });

  test.each(['{"secret":"a","secret":"b"}', '{"Secret":1,"secret":"\\ud800"}'])(
    "that parsers read differently has it neither: %s",
    async (body) => {
      const text = await editResponse(upstream(body, { headers: JSON_TYPE }), EDIT).text();
      expect(JSON.parse(text)).not.toHaveProperty("secret");
    },
  );

  test.each(['{"secret":', "<html>", '{"a":1}{"secret":1}', '{"a":1,}'])(
    "that is none fails: %s",
    async (body) => {
      let isCancelled = false;
      const response = upstream(body, { headers: JSON_TYPE, onCancel: () => (isCancelled = true) });
      expect(await failure(editResponse(response, EDIT))).toBeInstanceOf(Error);
      expect(isCancelled).toBe(false);
    },
  );

  test("that is not UTF-8 fails", async () => {
    const response = new Response(new Uint8Array([0x22, 0xff, 0x22]), { headers: JSON_TYPE });
    expect(await failure(editResponse(response, EDIT))).toBeInstanceOf(Error);
  });

  test("that is too long fails, and its upstream is left", async () => {
    let pieces = 0;
    let isCancelled = false;
    const stream = new ReadableStream({
      pull: (controller) => (pieces++, controller.enqueue(new Uint8Array(1_000_000))),
      cancel: () => void (isCancelled = true),
    });
    const response = editResponse(new Response(stream, { headers: JSON_TYPE }), EDIT);
    expect(await failure(response)).toBeInstanceOf(Error);
    expect(isCancelled).toBe(true);
    expect(pieces).toBeLessThan(12);
  });
});

describe("an event stream", () => {
  const run = (body: string, size: number) =>
    editResponse(upstream(body, { headers: EVENTS, size }), EDIT).text();

  test.each([
    ['event: a\nid: 1\ndata: {"secret":1,"b":2.0}\n\n', 'event: a\nid: 1\ndata: {"b":2.0}\n\n'],
    ['data:{"secret":1}\r\n\r\ndata: [DONE]\r\n\r\n', "data: {}\n\ndata: [DONE]\r\n\r\n"],
    ['data: {"secret":\ndata: 1}\n\n', "data: {}\n\n"],
    ['data: {"s\\u0065cret":1}\n\n', "data: {}\n\n"],
    ['data: {"a": "plain"}\n\n: secret\n\n', 'data: {"a": "plain"}\n\n: secret\n\n'],
    ['data: {"a": "\\u00fc"}\n\n', 'data: {"a":"ü"}\n\n'],
    ['data: {"gone":1,"secret":1}\n\ndata: 1\n\n', "data: 1\n\n"],
    ['\ufeffdata: {"secret":1}\n\n', "data: {}\n\n"],
    ['data: {"secret":1}', "data: {}\n\n"],
    [": ping\n\nretry: 5\n\n", ": ping\n\nretry: 5\n\n"],
    ["", ""],
  ])("%j", async (body, expected) => {
    for (const size of [1, 7, 1000]) {
      // The LF of a CRLF may arrive after its event was edited, and is one more blank line then.
      expect((await run(body, size)).replace("\n\n\n", "\n\n")).toBe(expected);
    }
  });

  test.each(["data: secret\n\n", 'data: {"secret":1\n\n', 'data: {}\ndata: {"secret":1}\n\n'])(
    "fails at an event that cannot be read: %j",
    async (body) => {
      const response = editResponse(
        upstream(`data: 1\n\n${body}`, { headers: EVENTS, size: 9 }),
        EDIT,
      );
      const reader = response.body!.getReader();
      expect(new TextDecoder().decode((await reader.read()).value)).toBe("data: 1\n\n");
      expect(
        await reader.read().then(
          () => "read",
          () => "failed",
        ),
      ).toBe("failed");
    },
  );

  test("sends each event when it has arrived, and stops when the reader does", async () => {
    let isCancelled = false;
    const events = ["data: 1\n\nda", "ta: 2\n\n"];
    const stream = new ReadableStream({
      pull: (controller) => {
        const event = events.shift();
        if (event !== undefined) controller.enqueue(new TextEncoder().encode(event));
        return event === undefined ? new Promise<void>(() => {}) : undefined;
      },
      cancel: () => void (isCancelled = true),
    });
    const reader = editResponse(new Response(stream, { headers: EVENTS }), EDIT).body!.getReader();
    const read = async () => new TextDecoder().decode((await reader.read()).value);
    expect(await read()).toBe("data: 1\n\n");
    expect(await read()).toBe("data: 2\n\n");
    await reader.cancel();
    expect(isCancelled).toBe(true);
  });
});

describe("a response", () => {
  const ABOUT_BYTES = {
    ...{ etag: '"x"', "last-modified": "Sun, 29 Nov 2026 00:00:00 GMT", "content-length": "99" },
    ...{ digest: "sha-256=x", "repr-digest": "x", "content-digest": "x", "content-md5": "x" },
    ...{ "accept-ranges": "bytes", signature: "x", "signature-input": "x" },
  };

  test("loses the headers that are about the upstream's bytes, and keeps others", async () => {
    for (const type of [JSON_TYPE, EVENTS]) {
      const headers = { ...ABOUT_BYTES, ...type, "request-id": "r" };
      const response = editResponse(upstream("data: 1\n\n", { headers, status: 201 }), EDIT);
      expect(response.status).toBe(201);
      expect(Object.keys(ABOUT_BYTES).filter((name) => response.headers.has(name))).toEqual([]);
      expect(response.headers.get("request-id")).toBe("r");
      expect(response.headers.get("content-type")).toBe(type["content-type"]);
      await response.body?.cancel();
    }
  });

  test.each([
    "application/json; charset=utf-8",
    "Application/JSON",
    "application/problem+json",
    "application/vnd.api+json;v=1",
  ])("of type %s is JSON", async (type) => {
    const response = upstream('{"secret":1}', { headers: { "content-type": type } });
    expect(await editResponse(response, EDIT).text()).toBe("{}");
  });

  const UNREADABLE: readonly Record<string, string>[] = [
    { "content-type": "text/html" },
    { "content-type": "application/jsonl" },
    { "content-type": "text/plain, application/json" },
    {},
    { ...JSON_TYPE, "content-encoding": "gzip" },
    { ...EVENTS, "content-encoding": "br" },
  ];

  test.each([...UNREADABLE])("that cannot be read is not forwarded: %j", (headers) => {
    const response = upstream('{"secret":1}', { headers });
    expect(() => editResponse(response, EDIT)).toThrow(
      expect.objectContaining({ code: "upstream_broken" }),
    );
  });

  test.each([...UNREADABLE])(
    "with an error that cannot be read keeps its status alone: %j",
    async (headers) => {
      const response = editResponse(upstream('{"secret":1}', { headers, status: 429 }), EDIT);
      expect([response.status, await response.text()]).toEqual([429, ""]);
      expect(response.headers.has("content-type")).toBe(false);
      expect(response.headers.has("content-encoding")).toBe(false);
    },
  );

  test("that is a part of one is not forwarded", () => {
    const response = upstream('{"secret":1}', { headers: JSON_TYPE, status: 206 });
    expect(() => editResponse(response, EDIT)).toThrow();
  });

  test.each([204, 304])("without a body passes: %i", (status) => {
    const response = editResponse(new Response(null, { status, headers: { etag: "x" } }), EDIT);
    expect([response.status, response.headers.has("etag")]).toEqual([status, false]);
  });
});
