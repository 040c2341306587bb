import { GatewayError } from "../../gateway/problem/gateway_error.ts";

// Error codes of the runtime for failures before any byte of a request was sent. On a connection that is made, every
// failure is another one: ECONNRESET, or EPROTO, which a failed handshake of TLS has as well.
const NO_CONNECTION =
  /^(E?CONNREFUSED|ConnectionRefused|FailedToOpenSocket|ENOTFOUND|EAI_.*|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|.*CERT.*|ERR_TLS.*|UNABLE_TO_.*|DEPTH_ZERO.*|SELF_SIGNED.*|HOSTNAME_MISMATCH)$/;

/**
 * The error for an upstream that could not be reached, or failed before the head of its answer.
 *
 * @param error of the runtime. Only its code is kept
 * @returns `upstream_unreachable` when no connection was made, `upstream_broken` otherwise
 */
export function connectFailure(error: unknown): GatewayError {
  const code = String((error as { code?: unknown } | undefined)?.code ?? "unknown");
  return new GatewayError(
    NO_CONNECTION.test(code) ? "upstream_unreachable" : "upstream_broken",
    code,
  );
}
