import { describe, expect, test } from "bun:test";
import { GrowingBuffer } from "../../../../lib/gateway/body/growing_buffer.ts";

const piece = (size: number, byte = 1) => new Uint8Array(size).fill(byte);

describe("GrowingBuffer", () => {
  test.each([
    ["nothing", []],
    ["one piece", [[3, 1]]],
    ["pieces within its first capacity", Array.from({ length: 200 }, (_, i) => [i, i])],
    [
      "pieces beyond it",
      [
        [16_000, 1],
        [385, 2],
        [40_000, 3],
        [0, 4],
        [100_000, 5],
      ],
    ],
  ] as [string, [number, number][]][])("holds %s, in their order", (_, pieces) => {
    const buffer = new GrowingBuffer(1_000_000);
    for (const [size, byte] of pieces) buffer.append(piece(size, byte));
    const expected = Buffer.concat(pieces.map(([size, byte]) => piece(size, byte)));
    expect(Buffer.from(buffer.bytes()).equals(expected)).toBe(true);
    expect(buffer.size).toBe(expected.length);
  });

  test("grows in few steps, and to no more than its limit", () => {
    const buffer = new GrowingBuffer(100_000);
    const capacities = new Set<number>();
    for (let size = 0; size < 100_000; size += 10) {
      const capacity = buffer.capacityWith(10);
      buffer.append(piece(10));
      expect(buffer.bytes().buffer.byteLength).toBe(capacity);
      capacities.add(capacity);
    }
    expect([...capacities]).toEqual([16_384, 32_768, 65_536, 100_000]);
  });

  test("copies a piece, so that its memory can be used again", () => {
    const buffer = new GrowingBuffer(10);
    const reused = piece(2, 7);
    buffer.append(reused);
    reused.fill(9);
    expect([...buffer.bytes()]).toEqual([7, 7]);
  });
});
