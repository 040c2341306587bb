import { GatewayError } from "./gateway_error.ts";
import type { PolicyProblemCode } from "./policy_problems.ts";

/** The public part of a {@link PolicyError}. */
export interface PolicyErrorDetails {
  /**
   * A sentence for the client: the field, the rule, and the entry of `allow` that would open it. It contains no
   * value of the body and no text of an operator's policy.
   */
  detail: string;
  /** The field at fault: a JSON Pointer (RFC 6901), or a path such as `tools[0].type`. Absent: no single one. */
  param?: string;
  /** A further explanation for the log. It contains no names and values of the body. */
  reason?: string;
}

/** The error for a request that does not comply with a policy. */
export class PolicyError extends GatewayError {
  readonly detail: string;
  readonly param: string | undefined;

  /**
   * @param code the code in the response
   * @param details the detail for the client, the field, and the reason for the log
   */
  constructor(code: PolicyProblemCode, { detail, param, reason }: PolicyErrorDetails) {
    super(code, reason);
    this.detail = detail;
    this.param = param;
  }
}
