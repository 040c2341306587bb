import { describe, expect, test } from "bun:test";
import {
  COUNTER_KEYS,
  TokenError,
  verifyToken,
  peekToken,
} from "../../../../lib/signing/verify.ts";
import vectors from "../../../vectors/token.json";
import { type TokenVector, tokenVectors } from "./vectors.ts";

const COUNTERS: readonly string[] = COUNTER_KEYS;
const CASES = vectors.cases as TokenVector[];

test("the file is the one that write_vectors.ts writes", () => {
  expect(JSON.stringify(vectors)).toBe(JSON.stringify(tokenVectors()));
});

test("each row has a name and a token of its own", () => {
  expect(CASES.length).toBeGreaterThan(250);
  expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
});

/** The member of the permits that a key of `sw` becomes. */
function permitName(key: string): string {
  if (key === "policy") return "policyNames";
  if (key === "on_abort") return "onAbort";
  if (COUNTERS.includes(key)) return "limits";
  return ["to", "origins", "ips", "seconds"].includes(key) ? key : "policy";
}

describe("verifyToken", () => {
  test.each(CASES.map((it) => [it.result, it.name, it] as const))(
    "%s: %s",
    async (result, _, it) => {
      const { now, secrets, ...limits } = { ...vectors.verifier, ...it.verifier };
      const options = {
        ...limits,
        now: () => now * 1000,
        findSecrets: (id: string) => (id === "web" ? secrets : undefined),
      };
      const verified = await verifyToken(it.token, options).catch((error) => error);
      expect(verified instanceof TokenError ? verified.code : "accepted").toBe(result);
      if (it.granted) {
        const { issuer, subject, permits } = verified;
        expect({ issuer, subject }).toEqual({ issuer: "web", subject: it.granted.sub });
        const names = new Set(Object.keys(it.granted.sw).map(permitName));
        expect(Object.keys(permits).sort()).toEqual([...names].sort());
      }
    },
  );
});

describe("peekToken takes a value for no token", () => {
  test.each(vectors.noTokens.map(({ name, text }) => [name, text] as const))("%s", (_, text) => {
    expect(peekToken(text)).toBeUndefined();
  });
});
