import type { ProblemCode } from "./problems.ts";

/** The error for a request that the gateway refuses or cannot finish. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: ProblemCode;
  readonly reason: string | undefined;

  /**
   * @param code the code in the response
   * @param reason a further explanation for the log; never a URL, a header or a secret
   */
  constructor(code: ProblemCode, reason?: string) {
    super(reason ?? code);
    this.code = code;
    this.reason = reason;
  }
}
