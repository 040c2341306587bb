import { decodePayload, type DecodedToken, splitToken } from "./compact_form.ts";

/** The issuer and the audience of a token that is not verified. */
export interface UnverifiedToken {
  /** The claim `iss`. */
  issuer: string;
  /** The texts in the claim `aud`; none when it is absent. */
  audience: readonly string[];
}

// It is refused later, with a reason.
const BYTE_ORDER_MARK = /^\ufeff/;

/**
 * Reads the issuer of a JWT (RFC 7519). It is a fast check of whether a value is a JWT, and it verifies
 * nothing.
 *
 * @param text any text, such as a bearer token
 * @returns the issuer and the audience; `undefined` when the value is not three parts in base64url of at
 *   most 8,192 characters, of which the second is a JSON object with a text `iss`
 */
export function peekToken(text: string): UnverifiedToken | undefined {
  const parts = splitToken(text);
  const decoded = parts && decodePayload(parts);
  return decoded && claimsOf(decoded);
}

/**
 * Reads the issuer of a JWT that is decoded, as {@link peekToken} does.
 *
 * @param decoded the token
 */
export function claimsOf({ text }: DecodedToken): UnverifiedToken | undefined {
  try {
    const { iss, aud } = JSON.parse(text.replace(BYTE_ORDER_MARK, "")) as {
      iss?: unknown;
      aud?: unknown;
    };
    if (typeof iss !== "string") return undefined;
    const audience = (Array.isArray(aud) ? aud : [aud]).filter(
      (entry) => typeof entry === "string",
    );
    return { issuer: iss, audience };
  } catch {
    // Not JSON, or null.
    return undefined;
  }
}
