import { describe, expect, test } from "bun:test";
import { textWithin } from "../../../../lib/gateway/body/text_within.ts";

const inPieces = (text: string, size: number) => {
  const bytes = Buffer.from(text);
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
};

describe("textWithin", () => {
  test.each([
    ["none", "", 0, ""],
    ["as many bytes as it may have", "añ😀b", 8, "añ😀b"],
    ["more of them", "añ😀b", 7, undefined],
  ])("reads a text of %s", async (_, text, most, expected) => {
    for (const size of [1, 3, 100]) {
      expect(await textWithin(inPieces(text, size), most)).toBe(expected);
    }
  });

  test.each([[[0xff]], [[0x61, 0xe2, 0x82]]])("rejects %p, which is no UTF-8", (bytes) =>
    expect(textWithin([Uint8Array.from(bytes)], 10)).rejects.toBeInstanceOf(TypeError),
  );

  test("reads nothing after what is too long, and cancels the rest", async () => {
    let pulled = 0;
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => (pulled++, controller.enqueue(new Uint8Array(10))),
        cancel: () => void (isCancelled = true),
      },
      { highWaterMark: 0 },
    );
    expect(await textWithin(body, 25)).toBeUndefined();
    expect([pulled, isCancelled]).toEqual([3, true]);
  });
});
