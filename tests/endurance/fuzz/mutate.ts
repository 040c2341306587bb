import type { Random } from "../../support/random.ts";

/** Pieces that mean something to a parser of URLs, of UTF-8 or of numbers. */
const SNIPPETS = [
  ..."&=%+;/?#:,~!'()* \t\n\r\0\x7f\xff\ufffd\u{1f511}0aZ",
  ...["%0A", "%0D%0A", "%00", "%ff", "%C3", "%zz", "%", "%2", "%25", "%2525", "%u0041"],
  // Overlong and otherwise impossible UTF-8, percent-encoded.
  ...["%C0%AF", "%E0%80%AF", "%F0%80%80%AF", "%ED%A0%80", "%F4%90%80%80", "%EF%BB%BF"],
  ...["\ud800", "\udc00", "\udc00\ud800", "\u202e", "\u0130", "\uff21"],
  ...["9".repeat(400), "1e9", "-0", "0x10", "٣", "18446744073709551616", "4294967297"],
  ...["&X-Sw-Body=false", "&X-Sw-Signature=", "&X-Sw-Expires=604800", "&x-sw-expires=1"],
  ...["&X%2DSw-Expires=1", "&X-Sw-Expires%00=1", "&X_Sw_Expires=1", "&+X-Sw-Expires=1"],
  ...["X-Sw-", "[]", "__proto__", "constructor", "../", "..%2f", "http://", "@evil.example"],
];

/** Changes a text in one place. */
export function mutate(
  text: string,
  random: Random,
  snippets: readonly string[] = SNIPPETS,
): string {
  const at = random.below(text.length + 1);
  const length = 1 + random.below(random.below(4) === 0 ? 40 : 3);
  const head = text.slice(0, at);
  const piece = text.slice(at, at + length);
  const tail = text.slice(at + length);
  const other = random.below(text.length + 1);
  return random.pick([
    () => head + tail,
    () => head + random.pick(snippets) + piece + tail,
    () => head + random.pick(snippets) + tail,
    () => head + piece + piece + tail,
    () => head + text.slice(other, other + length) + tail,
    () => head + (random.below(2) ? piece.toUpperCase() : piece.toLowerCase()) + tail,
    () => head + encodeURIComponent(piece.toWellFormed()) + tail,
    () => head + percentEncodeAll(piece) + tail,
    () => head + String.fromCharCode(random.below(random.pick([128, 256, 0x10000]))) + tail,
  ])();
}

/** The same in one to so many places. */
export function mutateOften(
  text: string,
  random: Random,
  most: number,
  snippets: readonly string[] = SNIPPETS,
): string {
  let mutated = text;
  for (let i = random.below(most); i >= 0; i--) mutated = mutate(mutated, random, snippets);
  return mutated;
}

/** Text made of pieces and of any characters. */
export function randomText(random: Random): string {
  return Array.from({ length: random.below(12) }, () =>
    random.below(2) ? random.pick(SNIPPETS) : String.fromCharCode(random.below(0x3000)),
  ).join("");
}

/** Percent-encodes every byte, those that need none included. */
function percentEncodeAll(text: string): string {
  return Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}
