import type { JsonObject, JsonValue } from "../primitives/json_value.ts";
import { MAX_SUBJECT_LENGTH, MAX_TOKEN_ID_LENGTH } from "./forms.ts";
import { malformed } from "./token_error.ts";

/** The registered claims of a token (RFC 7519, section 4.1). Times are in milliseconds since the epoch. */
export interface RegisteredClaims {
  /** `iss`: an app's id, or the issuer of a key set. */
  issuer: string;
  /** `exp`. The token is expired at this moment and after it. */
  expiresAt: number;
  /** `nbf`. Before it the token is not valid. */
  notBefore?: number;
  /** `iat`, when it was signed. */
  issuedAt?: number;
  /** `aud`, as a list. */
  audience?: readonly string[];
  /** `sub`, the end user: 1 to 256 Unicode code points, of any kind. */
  subject?: string;
  /** `jti`, the token's own id: 1 to 128 Unicode code points, of any kind. */
  tokenId?: string;
}

/**
 * Reads the registered claims.
 *
 * @param claims as they were parsed
 * @throws TokenError `token_malformed` when `iss` or `exp` is missing, and for a wrong type or length
 */
export function parseRegisteredClaims(claims: JsonObject): RegisteredClaims {
  const { iss, exp, nbf, iat, aud, sub, jti } = claims;
  if (typeof iss !== "string" || iss === "") throw malformed("iss", "is not a text");
  if (exp === undefined) throw malformed("exp", "is missing");
  // It binds the token to a key (RFC 7800), and the gateway does not check that the caller has the key.
  if (claims["cnf"] !== undefined) throw malformed("cnf", "is refused");
  const parsed: RegisteredClaims = { issuer: iss, expiresAt: parseTime("exp", exp) };
  if (nbf !== undefined) parsed.notBefore = parseTime("nbf", nbf);
  if (iat !== undefined) parsed.issuedAt = parseTime("iat", iat);
  if (aud !== undefined) parsed.audience = parseAudience(aud);
  if (sub !== undefined) parsed.subject = parseText("sub", sub, MAX_SUBJECT_LENGTH);
  if (jti !== undefined) parsed.tokenId = parseText("jti", jti, MAX_TOKEN_ID_LENGTH);
  return parsed;
}

/**
 * Checks that uses of a token can be counted: they are counted by its id, and by the moment of signing it is known
 * whether a ledger may have forgotten it.
 *
 * @param claims of a token that has a limit that counts, or is under a policy with one
 * @throws TokenError `token_malformed` when `jti` or `iat` is missing
 */
export function assertCountable({
  tokenId,
  issuedAt,
}: Pick<RegisteredClaims, "tokenId" | "issuedAt">): void {
  if (tokenId === undefined) throw malformed("jti", "is missing, and something is counted");
  if (issuedAt === undefined) throw malformed("iat", "is missing, and something is counted");
}

function parseTime(claim: string, value: JsonValue): number {
  if (!Number.isSafeInteger(value)) throw malformed(claim, "is not a whole number of seconds");
  return (value as number) * 1000;
}

function parseAudience(value: JsonValue): string[] {
  return (Array.isArray(value) ? value : [value]).map((entry) => {
    if (typeof entry !== "string") throw malformed("aud", "is not a text or a list of texts");
    return entry;
  });
}

function parseText(claim: string, value: JsonValue, most: number): string {
  if (typeof value === "string" && value !== "" && isShort(value, most)) return value;
  throw malformed(claim, `is not a text of 1 to ${most} characters`);
}

// Most texts need not be counted.
function isShort(text: string, most: number): boolean {
  return text.length <= most || (text.length <= 2 * most && [...text].length <= most);
}
