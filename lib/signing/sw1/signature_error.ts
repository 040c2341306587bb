/** Every reason for which a signed URL is refused. A program can switch on it; the set only grows. */
export type SignatureErrorCode =
  | "signature_missing"
  | "parameter_missing"
  | "parameter_repeated"
  | "parameter_unknown"
  | "parameter_malformed"
  | "algorithm_unknown"
  | "date_malformed"
  | "date_in_future"
  | "scope_mismatch"
  | "expires_malformed"
  | "expires_too_long"
  | "expired"
  | "signed_header_missing"
  | "signature_mismatch"
  | "target_invalid"
  | "app_unknown";

/** What the verifier knows beyond the code. */
export interface SignatureErrorDetails {
  /** The `X-Sw-…` parameter that is at fault. */
  parameter?: string;
  /** The app id of the credential, once it was readable. */
  id?: string;
  /** The upstream URL that was asked for, once it was readable. */
  upstream?: string;
  /** For `signature_mismatch`: the canonical request as the verifier computed it. */
  canonicalRequest?: string;
  /** For `signature_mismatch`: the string to sign as the verifier computed it. */
  stringToSign?: string;
  /** For `signature_mismatch`, where it was looked for: the usual mistake that it is likely to be. */
  mistake?: { code: string; sentence: string; remedy: string };
}

/** A signed URL that was refused. Its message and details never hold anything derived from a secret. */
export class SignatureError extends Error {
  override readonly name = "SignatureError";
  readonly code: SignatureErrorCode;
  readonly details: SignatureErrorDetails;

  /**
   * @param code the reason, from the closed set
   * @param details what else is known; all of it comes from the request itself
   */
  constructor(code: SignatureErrorCode, details: SignatureErrorDetails = {}) {
    super(details.parameter ? `${code}: ${details.parameter}` : code);
    this.code = code;
    this.details = details;
  }
}
