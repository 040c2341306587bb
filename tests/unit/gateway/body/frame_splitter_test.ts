import { describe, expect, test } from "bun:test";
import { FrameSplitter } from "../../../../lib/gateway/body/frame_splitter.ts";
import { errorFrame, frame } from "../../../support/event_frame.ts";

const FRAMES = [
  frame("messageStart", { role: "assistant" }),
  frame("contentBlockDelta", { delta: { text: "ü".repeat(500) } }),
  frame("empty", {}),
  errorFrame("throttlingException"),
];
const LONGEST = Math.max(...FRAMES.map(({ length }) => length));

/** The frames of a stream that arrives in pieces of a size, and what is left at its end. */
function split(stream: Buffer, size: number, limit = LONGEST) {
  const splitter = new FrameSplitter(limit);
  const frames: Uint8Array[] = [];
  for (let start = 0; start < stream.length; start += size) {
    frames.push(...splitter.push(new Uint8Array(stream.subarray(start, start + size))));
  }
  return { frames: frames.map((it) => it.toHex()), rest: splitter.end().toHex() };
}

describe("FrameSplitter", () => {
  test.each([1, 2, 7, 11, 12, 13, 64, 500])("returns whole frames from pieces of %d", (size) => {
    const { frames, rest } = split(Buffer.concat(FRAMES), size);
    expect(frames).toEqual(FRAMES.map((it) => it.toHex()));
    expect(rest).toBe("");
  });

  test.each([1, 11, 12, 100, LONGEST - 1])("keeps the %d bytes of a frame that is cut", (count) => {
    const cut = FRAMES[1]!.subarray(0, count);
    const { frames, rest } = split(Buffer.concat([FRAMES[0]!, cut]), 9);
    expect(frames).toEqual([FRAMES[0]!.toHex()]);
    expect(rest).toBe(cut.toHex());
  });

  test("refuses a frame that is shorter than its prelude", () => {
    for (const size of [1, 20, 1000]) {
      expect(() => split(Buffer.alloc(20), size)).toThrow(RangeError);
    }
  });

  test("passes a frame that is longer than the limit, and what follows, as it comes", () => {
    const stream = Buffer.concat(FRAMES);
    for (const size of [1, 20, 1000]) {
      const { frames, rest } = split(stream, size, LONGEST - 1);
      expect(frames[0]).toBe(FRAMES[0]!.toHex());
      expect(frames[1]).not.toBe(FRAMES[1]!.toHex());
      expect(frames.join("") + rest).toBe(stream.toHex());
    }
  });
});
