import { describe, expect, test } from "bun:test";
import { readerOf, ReaderStream } from "../../../../lib/gateway/body/reader_stream.ts";
import type { BodyReader, Bytes } from "../../../../lib/gateway/body/relay.ts";

/** Reads the given texts, and records what it is cancelled with. */
function createReader(texts: string[]) {
  const cancelled: unknown[] = [];
  const reader: BodyReader = {
    async read() {
      const text = texts.shift();
      if (text === "fails") throw new Error("it failed");
      if (text === undefined) return { done: true, value: undefined };
      return { done: false, value: new TextEncoder().encode(text) as Bytes };
    },
    cancel: async (reason) => void cancelled.push(reason),
  };
  return { reader, cancelled };
}

describe("ReaderStream", () => {
  test("has the reader's pieces, and its end", async () => {
    const { reader } = createReader(["a", "bc"]);
    expect(await new Response(new ReaderStream(reader)).text()).toBe("abc");
  });

  test("asks for no piece before it is read", async () => {
    const texts = ["a"];
    new ReaderStream(createReader(texts).reader);
    await Bun.sleep(1);
    expect(texts).toEqual(["a"]);
  });

  test("fails as its reader does", async () => {
    const { reader } = createReader(["a", "fails"]);
    await expect(new Response(new ReaderStream(reader)).text()).rejects.toThrow("it failed");
  });

  test("cancels its reader", async () => {
    const { reader, cancelled } = createReader(["a"]);
    await new ReaderStream(reader).cancel("enough");
    expect(cancelled).toEqual(["enough"]);
  });
});

describe("readerOf", () => {
  test("passes by the stream, also when a response has it", () => {
    const { reader } = createReader([]);
    const { body } = new Response(new ReaderStream(reader), { status: 201 });
    expect(readerOf(new Response(body).body!)).toBe(reader);
  });

  test("does not take its pieces from a clone of the response", async () => {
    const response = new Response(new ReaderStream(createReader(["a", "bc"]).reader));
    const clone = response.clone();
    const reader = readerOf(response.body!);
    expect((await reader.read()).value).toEqual(new TextEncoder().encode("a"));
    expect(await clone.text()).toBe("abc");
  });

  test("reads another stream as it is", async () => {
    const reader = readerOf(new Response("abc").body!);
    expect((await reader.read()).value).toEqual(new TextEncoder().encode("abc"));
  });

  test("throws when the stream is being read", () => {
    const stream = new ReaderStream(createReader([]).reader);
    stream.getReader();
    expect(() => readerOf(stream)).toThrow(TypeError);
  });
});
