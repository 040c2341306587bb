import type { ProblemCode } from "./problems.ts";

/** A request that the gateway refuses, or could not finish. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: ProblemCode;
  readonly reason: string | undefined;

  /**
   * @param code what the client is told
   * @param reason what the log is told besides; never a URL, a header or a secret
   */
  constructor(code: ProblemCode, reason?: string) {
    super(reason ?? code);
    this.code = code;
    this.reason = reason;
  }
}
