import { type JsonObject, TokenError } from "../../signing/verify.ts";
import type { RequiredClaims } from "../model/app.ts";

/**
 * Checks that a token has the claims that its app requires.
 *
 * @param claims of the token
 * @param required the claims
 * @throws TokenError `token_malformed`
 */
export function assertRequiredClaims(claims: JsonObject, required?: RequiredClaims): void {
  const [claim] = unfulfilledClaims(claims, required);
  if (claim === undefined) return;
  throw new TokenError("token_malformed", { claim, reason: "is not as the app requires" });
}

/**
 * Finds the required claims that a token does not have, or that have another value. In `scope` the value must
 * be one of the words (RFC 8693, section 4.2).
 *
 * @param claims of the token
 * @param required the claims
 * @returns their names, in the order of the configuration
 */
export function unfulfilledClaims(claims: JsonObject, required: RequiredClaims = {}): string[] {
  return Object.keys(required).filter((claim) => {
    const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
    return !isFulfilled(claim, value, required[claim]!);
  });
}

function isFulfilled(claim: string, value: unknown, expected: true | string): boolean {
  if (expected === true) return value !== undefined && value !== null;
  if (claim === "scope") return typeof value === "string" && value.split(" ").includes(expected);
  return value === expected;
}
