/** The reason why a signed URL is refused. Programs can switch on it. Codes are added, never removed. */
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

/** The details of a refusal. They hold nothing that is derived from a secret. */
export interface SignatureErrorDetails {
  /** The `X-Sw-…` parameter that is wrong. */
  parameter?: string;
  /** The app id of the credential, if it could be read. */
  id?: string;
  /** The upstream URL that was requested, if it could be read. */
  upstream?: string;
  /** For `signed_header_missing`: the name of the header, in lower case. */
  header?: string;
  /** For `expired` and `date_in_future`, in milliseconds since the epoch. */
  times?: { signedAt: number; expiredAt: number; now: number };
  /** For `signature_mismatch`: the canonical request as the verifier computed it. */
  canonicalRequest?: string;
  /** For `signature_mismatch`: the string to sign as the verifier computed it. */
  stringToSign?: string;
  /** For `signature_mismatch`: the common mistake that was probably made, if one was found. */
  mistake?: { code: string; sentence: string; remedy: string };
}

/** The error for a refused URL. Its message holds nothing that is derived from a secret. */
export class SignatureError extends Error {
  override readonly name = "SignatureError";
  readonly code: SignatureErrorCode;
  readonly details: SignatureErrorDetails;

  /**
   * @param code the reason of the refusal
   * @param details the details of the refusal. Default: none
   */
  constructor(code: SignatureErrorCode, details: SignatureErrorDetails = {}) {
    super(details.parameter ? `${code}: ${details.parameter}` : code);
    this.code = code;
    this.details = details;
  }
}
