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
  /**
   * The id of the message of JSON-RPC that is refused; `null`: it has none that could be read. Absent: the request
   * is no such message.
   */
  messageId?: string | number | null;
}

/** The error for a request that does not comply with a policy. */
export class PolicyError extends GatewayError {
  readonly detail: string;
  readonly param: string | undefined;
  readonly messageId: string | number | null | undefined;

  /**
   * @param code the code in the response
   * @param details the detail for the client, the field, and the reason for the log
   */
  constructor(code: PolicyProblemCode, { detail, param, reason, messageId }: PolicyErrorDetails) {
    super(code, reason);
    this.detail = detail;
    this.param = param;
    this.messageId = messageId;
  }

  /**
   * The same error for a message of JSON-RPC.
   *
   * @param messageId its id, or `null`
   */
  forMessage(messageId: string | number | null): PolicyError {
    const { code, detail, param, reason } = this;
    return new PolicyError(code as PolicyProblemCode, {
      detail,
      messageId,
      ...(param !== undefined && { param }),
      ...(reason !== undefined && { reason }),
    });
  }
}
