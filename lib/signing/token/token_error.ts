/** Every reason for which a token is refused. A program can switch on it. Codes are only added. */
export type TokenErrorCode =
  | "token_malformed"
  | "token_signature_mismatch"
  | "secret_too_short"
  | "token_expired"
  | "token_not_yet_valid"
  | "token_lifetime_too_long"
  | "token_audience_mismatch";

/** Details of the refusal. All of them come from the token itself. */
export interface TokenErrorDetails {
  /** The claim that is wrong, such as `exp` or `sw.to`, or the member of the header, such as `header.alg`. */
  claim?: string;
  /** The mistake, as a fixed text that follows the name of the claim. */
  reason?: string;
  /** The issuer, if it could be read. */
  issuer?: string;
  /** For errors of time, in milliseconds since the epoch. */
  times?: { issuedAt?: number; notBefore?: number; expiresAt: number; now: number };
}

/** The error for a refused token. Its message and details hold nothing that is derived from a secret. */
export class TokenError extends Error {
  override readonly name = "TokenError";
  readonly code: TokenErrorCode;
  readonly details: TokenErrorDetails;

  /**
   * @param code the reason, from the closed set
   * @param details from the token itself
   */
  constructor(code: TokenErrorCode, details: TokenErrorDetails = {}) {
    const { claim, reason } = details;
    const words = [claim, reason].filter((word) => word !== undefined);
    super(words.length > 0 ? `${code}: ${words.join(" ")}` : code);
    this.code = code;
    this.details = details;
  }
}

/**
 * Creates the error for a token of a wrong form.
 *
 * @param claim the claim that is wrong, if it is one claim
 * @param reason the mistake, as a fixed text
 */
export function malformed(claim: string | undefined, reason: string): TokenError {
  return new TokenError("token_malformed", { ...(claim !== undefined && { claim }), reason });
}
