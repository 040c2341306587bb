import { describe, expect, test } from "bun:test";
import { openBody } from "../../../../lib/gateway/body/reader_stream.ts";
import { type Bytes, relay } from "../../../../lib/gateway/body/relay.ts";

const bytes = (text: string): Bytes => new TextEncoder().encode(text);

/** A source that is filled by hand, and what it was told. */
function createSource() {
  let controller: ReadableStreamDefaultController<Bytes> | undefined;
  let pulls = 0;
  let cancelled: unknown[] = [];
  const stream = new ReadableStream<Bytes>(
    {
      start: (given) => void (controller = given),
      pull: () => void pulls++,
      cancel: (reason) => void cancelled.push(reason),
    },
    { highWaterMark: 0 },
  );
  if (!controller) throw new Error("a stream starts at once");
  return { stream, controller, pulls: () => pulls, cancelled: () => cancelled };
}

/** Relays, and writes down what is told. */
function relayed(stream: ReadableStream<Bytes>) {
  const told: string[] = [];
  const output = relay(openBody(stream), {
    onStart: () => void told.push("start"),
    onChunk: (chunk) => void told.push(`chunk ${Buffer.from(chunk)}`),
    onEnd: () => void told.push("end"),
    onError: (error) => (told.push(`error ${(error as Error).message}`), new Error("told instead")),
    onCancel: () => void told.push("cancel"),
  });
  return { output, told };
}

const settled = () => Bun.sleep(10);

describe("relay", () => {
  test("passes every piece on and tells of it", async () => {
    const source = new ReadableStream<Bytes>({
      start(controller) {
        for (const text of ["a", "bc", "", "d"]) controller.enqueue(bytes(text));
        controller.close();
      },
    });
    const { output, told } = relayed(source);
    expect(await new Response(output).text()).toBe("abcd");
    expect(told).toEqual(["start", "chunk a", "chunk bc", "chunk ", "chunk d", "end"]);
  });

  test("passes the same bytes, not a copy", async () => {
    const chunk = bytes("same");
    const source = createSource();
    const { output } = relayed(source.stream);
    const reader = output.getReader();
    const read = reader.read();
    source.controller.enqueue(chunk);
    expect((await read).value).toBe(chunk);
  });

  test("hides the source's error and ends with it", async () => {
    const source = createSource();
    const { output, told } = relayed(source.stream);
    const reader = output.getReader();
    source.controller.enqueue(bytes("a"));
    expect((await reader.read()).value).toEqual(bytes("a"));
    source.controller.error(new Error("https://secret.example/"));
    await expect(reader.read()).rejects.toThrow("told instead");
    expect(told).toEqual(["start", "chunk a", "error https://secret.example/"]);
  });

  test("tells the source that the reader left, with the reason", async () => {
    const source = createSource();
    const { output, told } = relayed(source.stream);
    const reader = output.getReader();
    source.controller.enqueue(bytes("a"));
    await reader.read();
    await reader.cancel("gone");
    await settled();
    expect(source.cancelled()).toEqual(["gone"]);
    expect(told).toEqual(["start", "chunk a", "cancel"]);
  });

  test("tells nothing after the reader left, though a piece was being waited for", async () => {
    const source = createSource();
    const { output, told } = relayed(source.stream);
    const reader = output.getReader();
    const pending = reader.read();
    await settled();
    await reader.cancel();
    await pending;
    await settled();
    expect(told).toEqual(["start", "cancel"]);
  });

  test("asks its source no faster than its reader asks", async () => {
    const source = createSource();
    relayed(source.stream);
    for (let i = 0; i < 20; i++) {
      if (source.pulls() > i) source.controller.enqueue(bytes("x"));
      await Bun.sleep(1);
    }
    // One piece waits in the relay, and the next may have been asked for.
    expect(source.pulls()).toBeLessThanOrEqual(2);
  });
});
