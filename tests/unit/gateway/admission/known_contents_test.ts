import { describe, expect, test } from "bun:test";
import { KnownContents } from "../../../../lib/gateway/admission/known_contents.ts";
import { findOwnTokens } from "../../../../lib/gateway/admission/own_tokens.ts";
import { createTokenAuthenticator } from "../../../../lib/gateway/admission/token.ts";
import type { OwnTokens } from "../../../../lib/gateway/admission/authenticator.ts";
import { BodyBudget } from "../../../../lib/gateway/body/body_budget.ts";
import { InboundRequest } from "../../../../lib/gateway/inbound.ts";
import { TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";
import { appWith, bearing, grants, minted, NOW } from "../tokens/token_gateway.ts";

const LIMITS = {
  idleTimeout: 0,
  maxDuration: 0,
  timers: new TimerWheel(),
  unverified: new BodyBudget("unverified_limit"),
  checked: new BodyBudget("policy_bodies_limit"),
  maxUnverified: 1000,
};

describe("what tokens say", () => {
  const nameOf = (index: number) => `token-${index}`.padEnd(10);
  const contentOf = (issuer: string) => ({
    claims: { issuer, audience: [] },
    content: {
      issuer,
      expiresAt: 0,
      header: { algorithm: "HS256" },
      claims: {},
      signed: new Uint8Array(),
    },
  });

  /** Keeps what a token says that comes so many times. */
  const keep = (known: KnownContents, index: number, times = 2) => {
    const signature = new Uint8Array(32).fill(index % 251);
    for (let i = 0; i < times; i++) known.keep(nameOf(index), signature, contentOf(`${index}`));
  };

  test("is kept of those that come a second time", () => {
    const known = new KnownContents();
    keep(known, 1, 1);
    keep(known, 2, 1);
    expect([1, 2].map((index) => known.find(nameOf(index)))).toEqual([undefined, undefined]);
    keep(known, 2, 1);
    expect(known.find(nameOf(1))).toBeUndefined();
    expect(known.find(nameOf(2))?.claims.issuer).toBe("2");
  });

  test("is kept of so many, and of one that comes again and again", () => {
    const known = new KnownContents(40);
    for (let i = 0; i < 1000; i++) {
      keep(known, i);
      expect(known.find(nameOf(0))?.claims.issuer).toBe("0");
    }
    const kept = Array.from({ length: 1000 }, (_, i) => known.find(nameOf(i))?.claims.issuer);
    expect(kept.filter((issuer) => issuer !== undefined).length).toBeLessThanOrEqual(8);
    expect(kept[999]).toBe("999");
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
      const inbound = new InboundRequest(bearing(token), {}, LIMITS);
      const tokens = findOwnTokens(inbound, { findApp }, known) as OwnTokens | undefined;
      const grant = tokens && authenticator.authenticate(inbound, { authenticator, tokens });
      await (isKept ? grant : grant?.catch(() => {}));
    }
    expect(known.find(token.slice(0, token.lastIndexOf("."))) !== undefined).toBe(isKept);
  });
});
