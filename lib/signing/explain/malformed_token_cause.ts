import { fromBase64Url } from "../primitives/from_base64url.ts";
import { MAX_TOKEN_LENGTH } from "../token/forms.ts";
import { TokenError } from "../token/token_error.ts";
import { type Cause, causeOf } from "./cause.ts";
import { isPermitName, nearestPermitName } from "./permit_name.ts";

/**
 * Finds out why a token cannot be parsed.
 *
 * @param error the error of `parseToken`
 * @param token the text that was parsed
 * @returns a common mistake that the token shows, or else a cause with the text of the error
 * @throws the error itself when it is not a TokenError
 */
export function malformedTokenCause(error: unknown, token: string): Cause {
  if (!(error instanceof TokenError)) throw error;
  const { claim, reason = "" } = error.details;
  if (claim === undefined) return formCause(token, reason);
  if (claim === "signature") return causeOf("token_cut");
  if (isPermitName(claim)) return causeOf("claim_misplaced", claim);
  const claims = claimsOf(token);
  if (/^(iss|exp|jti|iat)$/.test(claim) && claims[claim] === undefined) {
    return causeOf("claim_missing", claim);
  }
  if (/^(exp|nbf|iat)$/.test(claim)) return causeOf("time_malformed", claim);
  if (claim === "sw" && !isObject(claims["sw"])) return causeOf("token_malformed", `sw ${reason}`);
  const unknown = Object.keys(Object(claims["sw"])).find((name) => !isPermitName(name));
  if (claim.startsWith("sw") && unknown !== undefined) return unknownPermit(unknown);
  return causeOf("token_malformed", `${claim} ${reason}`);
}

function formCause(token: string, reason: string): Cause {
  const parts = token.split(".");
  if (token.length > MAX_TOKEN_LENGTH) return causeOf("token_too_long", `${MAX_TOKEN_LENGTH}`);
  if (parts.length < 3) return causeOf("token_cut");
  if (parts.length === 5) return causeOf("token_encrypted");
  return causeOf("token_malformed", reason);
}

function unknownPermit(name: string): Cause {
  const nearest = nearestPermitName(name);
  if (nearest !== undefined) return causeOf("permit_misspelt", nearest);
  // A long name, or one with other characters, may be anything.
  return causeOf("permit_unknown", /^\w{1,40}$/.test(name) ? name : "(not a name)");
}

/** The claims as JavaScript reads them, which is less strict; none when they are no object. */
function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const payload = fromBase64Url(token.split(".")[1] ?? "");
    return Object(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    return {};
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
