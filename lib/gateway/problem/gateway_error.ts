import type { ProblemCode } from "./problems.ts";

/** The parts of a {@link GatewayError} that only some refusals have. */
export interface GatewayErrorDetails {
  /** The claim of the token that does not grant the request. Absent: the token is not at fault. */
  claim?: string;
  /** The origin of the target that is refused, for the log. */
  upstream?: string;
  /** The time after which a retry may succeed, in milliseconds, at most a minute. Absent: none is known. */
  retryAfterMs?: number;
  /** Headers of the response, such as `RateLimit`. Absent: only those that every refusal has. */
  headers?: Readonly<Record<string, string>>;
}

/** The error for a request that the gateway refuses or cannot finish. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: ProblemCode;
  readonly reason: string | undefined;
  readonly details: GatewayErrorDetails;

  /**
   * @param code the code in the response
   * @param reason a further explanation for the log; never a URL, a header or a secret
   * @param details the claim at fault and the refused target. Default: none
   */
  constructor(code: ProblemCode, reason?: string, details: GatewayErrorDetails = {}) {
    super(reason ?? code);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}
