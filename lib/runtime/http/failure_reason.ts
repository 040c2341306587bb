import { GatewayError } from "../../gateway/problem/gateway_error.ts";

/**
 * Returns why a request of the gateway failed, for the log. It has no URL, no secret and nothing of an answer.
 *
 * @param error as it was caught
 * @param unknown the reason when the error has none and no code
 */
export function failureReason(error: unknown, unknown: string): string {
  if (error instanceof GatewayError) return error.reason ?? error.code;
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : unknown;
}
