import type { GatewayError } from "../../problem/gateway_error.ts";
import type { ProblemCode } from "../../problem/problems.ts";

// Of RFC 6455, section 7.4.1, and of the registry of IANA. The gateway sends these itself.
export const GOING_AWAY = 1001;
export const TOO_BIG = 1009;
export const BROKEN = 1011;

const CODES: Readonly<Partial<Record<ProblemCode, number>>> = {
  // Try again later: other responses hold the rest of the budget.
  budget_reserved: 1013,
  draining: 1012,
  internal_error: BROKEN,
  upstream_broken: BROKEN,
};

const POLICY = 1008;

/**
 * The code with which the gateway closes a client's WebSocket. The reason is the code of the problem.
 *
 * @param error why it is closed
 */
export function closeCodeOf({ code }: GatewayError): number {
  return CODES[code] ?? POLICY;
}
