import type { CorsPolicy } from "../../model/cors_policy.ts";
import type { UpstreamRule } from "../../model/rule.ts";
import { GatewayError } from "../../problem/gateway_error.ts";

// 16 bytes in base64 (RFC 6455, section 4.1).
const KEY = /^[A-Za-z0-9+/]{21}[AQgw]==$/;
const VERSION = "13";

/**
 * Checks a handshake that asks for a WebSocket, whole, before anything is sent.
 *
 * @param request with `Upgrade: websocket`
 * @param rule of its target
 * @param cors the policy of the app or route. Browsers do not apply it to WebSockets, so the gateway does
 * @throws GatewayError `websocket_not_allowed`, `origin_not_granted`, `websocket_malformed`,
 *   `websocket_version_unsupported`
 */
export function assertHandshake(
  { headers }: Pick<Request, "headers">,
  { websocket }: UpstreamRule,
  { origins }: CorsPolicy,
): void {
  if (websocket === false) throw new GatewayError("websocket_not_allowed");
  const origin = headers.get("origin");
  if (origin !== null && origins && !origins.includes(origin)) {
    throw new GatewayError("origin_not_granted", "the page of a WebSocket");
  }
  if (headers.get("sec-websocket-version")?.trim() !== VERSION) {
    throw new GatewayError("websocket_version_unsupported", undefined, {
      headers: { "Sec-WebSocket-Version": VERSION },
    });
  }
  if (!KEY.test(headers.get("sec-websocket-key") ?? "")) {
    throw new GatewayError("websocket_malformed", "Sec-WebSocket-Key");
  }
  if (offeredProtocols(headers) === undefined) {
    throw new GatewayError("websocket_malformed", "Sec-WebSocket-Protocol");
  }
}

// RFC 9110, section 5.6.2.
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Reads the sub-protocols that a client offers.
 *
 * @param headers of its handshake
 * @returns the names in their order; `undefined` when one is malformed or occurs twice
 */
export function offeredProtocols(headers: Headers): readonly string[] | undefined {
  const value = headers.get("sec-websocket-protocol");
  if (value === null) return [];
  const names = value
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  const isSound = names.every((name) => TOKEN.test(name)) && new Set(names).size === names.length;
  return isSound ? names : undefined;
}
