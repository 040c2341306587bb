import { type JsonObject, TokenError } from "../../signing/verify.ts";

/**
 * Checks that a token has the claims that its app requires.
 *
 * @param claims of the token
 * @param required the required value of each claim; `true` accepts any value. In `scope` the value must be
 *   one of the words (RFC 8693, section 4.2)
 * @throws TokenError `token_malformed`
 */
export function assertRequiredClaims(
  claims: JsonObject,
  required: Readonly<Record<string, true | string>> = {},
): void {
  for (const [claim, expected] of Object.entries(required)) {
    const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
    if (isFulfilled(claim, value, expected)) continue;
    throw new TokenError("token_malformed", { claim, reason: "is not as the app requires" });
  }
}

function isFulfilled(claim: string, value: unknown, expected: true | string): boolean {
  if (expected === true) return value !== undefined && value !== null;
  if (claim === "scope") return typeof value === "string" && value.split(" ").includes(expected);
  return value === expected;
}
