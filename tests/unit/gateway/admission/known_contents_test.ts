import { describe, expect, test } from "bun:test";
import {
  type KnownContent,
  KnownContents,
} from "../../../../lib/gateway/admission/known_contents.ts";
import { findOwnTokens } from "../../../../lib/gateway/admission/own_tokens.ts";
import { createTokenAuthenticator } from "../../../../lib/gateway/admission/token.ts";
import type { OwnTokens } from "../../../../lib/gateway/admission/authenticator.ts";
import { InboundRequest } from "../../../../lib/gateway/inbound.ts";
import type { TokenContent } from "../../../../lib/signing/verify.ts";
import { appWith, bearing, grants, minted, NOW } from "../tokens/token_gateway.ts";
import { UPLOAD_LIMITS } from "../../../support/upload_limits.ts";

const contentOf = (issuer: string): TokenContent => ({
  ...{ issuer, expiresAt: 0, header: { algorithm: "HS256" }, claims: {} },
  signed: new Uint8Array(),
});

describe("what tokens say", () => {
  const LENGTH = 10;
  // Of each token, for its objects.
  const CHARACTERS_MORE = 256;
  const nameOf = (index: number) => `token.${index}`.padEnd(LENGTH);
  const signatureOf = (index: number) => new Uint8Array([index & 7, index >> 3, 1, 1]);

  /** A token comes so many times, and is verified each time. Returns whether it was known at last. */
  function use(known: KnownContents, index: number, times = 1): boolean {
    const [header, payload] = nameOf(index).split(".") as [string, string];
    let found: KnownContent | undefined;
    for (let i = 0; i < times; i++) {
      found = known.find(nameOf(index));
      if (found) expect(found.content.issuer).toBe(`${index}`);
      const token = { parts: { header, payload, signature: "" }, ...(found && { known: found }) };
      known.keep(token, signatureOf(index), contentOf(`${index}`));
    }
    return found !== undefined;
  }

  test("is known from the third time on", () => {
    const known = new KnownContents();
    expect([use(known, 1), use(known, 1), use(known, 1)]).toEqual([false, false, true]);
    expect([use(known, 2), use(known, 1)]).toEqual([false, true]);
  });

  test("is known of tokens that come by turns", () => {
    const known = new KnownContents();
    const all = Array.from({ length: 2000 }, (_, index) => index);
    for (let round = 0; round < 2; round++) for (const index of all) use(known, index);
    expect(all.filter((index) => !use(known, index))).toEqual([]);
  });

  test("is kept of the latest, within a bound, and of one that comes again and again", () => {
    const mostOfAMap = 4;
    const known = new KnownContents(mostOfAMap * (LENGTH + CHARACTERS_MORE));
    use(known, 0, 2);
    for (let i = 1; i < 1000; i++) {
      use(known, i, 2);
      expect(use(known, 0)).toBe(true);
    }
    const kept = Array.from({ length: 1000 }, (_, i) => known.find(nameOf(i)) !== undefined);
    expect(kept.filter(Boolean).length).toBeLessThanOrEqual(2 * mostOfAMap);
    expect(kept[999]).toBe(true);
  });

  test("is not kept for longer by requests that are not verified", () => {
    const known = new KnownContents(4 * (LENGTH + CHARACTERS_MORE));
    use(known, 0, 2);
    for (let i = 1; i < 100; i++) {
      known.find(nameOf(0));
      use(known, i, 2);
    }
    expect(known.find(nameOf(0))).toBeUndefined();
  });

  test("counts once of several requests at the same time", () => {
    const known = new KnownContents(4 * (LENGTH + CHARACTERS_MORE));
    for (const index of [0, 1, 2]) use(known, index, 2);
    const parts = { header: "token", payload: "3   ", signature: "" };
    for (let i = 0; i < 100; i++) known.keep({ parts }, signatureOf(3), contentOf("3"));
    expect([0, 1, 2, 3].map((index) => use(known, index))).toEqual([true, true, true, true]);
  });

  const ways: readonly (readonly [what: string, token: string, isKept: boolean])[] = [
    ["a right one", grants({ to: ["https://api.example.com/v1/"] }), true],
    ["one of another secret", minted({ secret: "another secret, of 32 bytes or more" }), false],
    ["one without a signature", minted().replace(/[^.]*$/, ""), false],
    ["one that is expired", minted({ claims: { exp: NOW } }), false],
    ["one for somebody else", minted({ claims: { aud: "another" } }), false],
    ["one that is malformed", minted({ claims: { sw: { uses: 0 } } }), false],
    ["one of another issuer", minted({ claims: { iss: "another" } }), false],
  ];

  test.each(ways)("is kept once it is verified: %s", async (_, token, isKept) => {
    const known = new KnownContents();
    const findApp = (id: string) => (id === appWith().id ? appWith() : undefined);
    const authenticator = createTokenAuthenticator({ now: () => NOW * 1000 }, known);
    for (let i = 0; i < 3; i++) {
      const inbound = new InboundRequest(bearing(token), {}, UPLOAD_LIMITS);
      const tokens = findOwnTokens(inbound, { findApp }, known) as OwnTokens | undefined;
      const grant = tokens && authenticator.authenticate(inbound, { authenticator, tokens });
      await (isKept ? grant : grant?.catch(() => {}));
    }
    expect(known.find(token.slice(0, token.lastIndexOf("."))) !== undefined).toBe(isKept);
  });
});
