import { describe, expect, spyOn, test } from "bun:test";
import fc from "fast-check";
import { inputBound, type InputParts } from "../../../../lib/gateway/policy/input_bound.ts";

const encoder = new TextEncoder();
const NUMBERS = { image: 1000 };

const partsOf = (text: string, more: Partial<InputParts> = {}): InputParts => ({
  bytes: encoder.encode(text),
  images: 0,
  hasToolsOrSchema: false,
  isUnbounded: false,
  ...more,
});

const UNBOUNDED = partsOf("x", { isUnbounded: true });

describe("the bound of input", () => {
  test.each<[string, InputParts, number | undefined, number]>([
    ["is the bytes and a frame", partsOf("x".repeat(100)), undefined, 132],
    ["has 1,024 for tools", partsOf("x", { hasToolsOrSchema: true }), undefined, 1_057],
    ["has the most of each image", partsOf("x", { images: 3 }), undefined, 3_033],
    ["is not cut by the window", partsOf("x".repeat(100)), 50, 132],
    ["is a twentieth more than the window without one", UNBOUNDED, 100_000, 105_000],
    ["is that for a window that is a power of two", UNBOUNDED, 131_072, 137_626],
    ["is that rounded up", UNBOUNDED, 50, 53],
    ["is infinite without both", UNBOUNDED, undefined, Infinity],
    ["has the bytes of other letters", partsOf("é".repeat(10)), undefined, 52],
    // U+FDFA has 3 bytes, and 33 in its compatibility form.
    ["has the bytes of the compatibility form", partsOf("\ufdfa".repeat(1000)), undefined, 33_032],
    ["has all of them", partsOf("\ufdfa".repeat(1000)), 9_000, 33_032],
    ["keeps the bytes where the form is shorter", partsOf("\u{1d49c}".repeat(10)), undefined, 72],
  ])("%s", (_, parts, window, bound) => expect(inputBound(parts, NUMBERS, window)).toBe(bound));

  // To put the marks of one run into order takes time with the square of its length.
  test.each([
    ["marks in two classes", `a${"\u0300".repeat(4_000)}\u0316`],
    ["marks that alternate", "\u0300\u0316"],
    ["pairs of code units", "\u{1d165}\u{1d16d}"],
    ["a character with eighteen", "\ufdfa"],
  ])("normalises no more than a few characters at once: %s", (_, piece) => {
    const lengths: number[] = [];
    const text = piece.repeat(Math.ceil(20_000 / piece.length));
    const normalize = spyOn(String.prototype, "normalize").mockImplementation(function (
      this: string,
    ) {
      lengths.push(this.length);
      return String(this);
    });
    try {
      inputBound(partsOf(text), NUMBERS);
    } finally {
      normalize.mockRestore();
    }
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(text.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(33);
  });

  test("is at least the compatibility form of any text", () => {
    const characters = fc.oneof(fc.constantFrom("\ufdfa", "a", "\u0301", "\u{1f600}"), fc.string());
    fc.assert(
      fc.property(fc.array(characters), fc.integer({ min: 1, max: 2_000 }), (texts, times) => {
        const text = texts.join("").toWellFormed().repeat(times).slice(0, 30_000).toWellFormed();
        const bound = inputBound(partsOf(text), NUMBERS);
        expect(bound).toBeGreaterThanOrEqual(encoder.encode(text.normalize("NFKC")).length);
        expect(bound).toBeGreaterThanOrEqual(encoder.encode(text).length);
      }),
      { numRuns: 100 },
    );
  });
});
