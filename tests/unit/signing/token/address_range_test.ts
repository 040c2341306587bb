import { expect, test } from "bun:test";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { parseAddressRange } from "../../../../lib/signing/token/address_range.ts";
import { ADDRESS_RANGE } from "../../../../lib/signing/token/forms.ts";
import { createRandom, printedSeed } from "../../../support/random.ts";

const PIECES = [
  "0",
  "1",
  "9",
  "10",
  "255",
  "256",
  "a",
  "F",
  "ffff",
  "fffff",
  ".",
  ":",
  "::",
  "0.0.0.0",
];

test("parseAddressRange takes the addresses that Node takes, and ipaddr.js can read each", () => {
  const random = createRandom(printedSeed("addresses"));
  const kinds = { 0: 0, 4: 0, 6: 0 };
  for (let i = 0; i < 200_000; i++) {
    const separator = random.pick([".", ":", ""]);
    const parts = Array.from({ length: 1 + random.below(9) }, () => random.pick(PIECES));
    const text = parts.join(separator);
    const kind = isIP(text) as 0 | 4 | 6;
    kinds[kind]++;
    const range = parseAddressRange(text);
    if (range?.bits !== { 0: undefined, 4: 32, 6: 128 }[kind]) throw new Error(`${text}: ${kind}`);
    if (!range) continue;
    expect(ADDRESS_RANGE.test(text)).toBe(true);
    expect(ipaddr.parse(range.address).kind()).toBe(`ipv${kind as 4 | 6}`);
  }
  expect(Math.min(...Object.values(kinds))).toBeGreaterThan(500);
});

test("parseAddressRange takes 0 to 32 bits of IPv4 and 0 to 128 of IPv6", () => {
  const bits = Array.from({ length: 1_100 }, (_, i) => i);
  for (const [address, most] of [
    ["10.0.0.0", 32],
    ["::", 128],
  ] as const) {
    const texts = bits.map((count) => `${address}/${count}`);
    expect(texts.map((text) => parseAddressRange(text)?.bits)).toEqual(
      bits.map((count) => (count <= most ? count : undefined)),
    );
    // The signer takes more of them.
    for (const text of texts.slice(0, most + 1)) expect(ADDRESS_RANGE.test(text)).toBe(true);
  }
});
