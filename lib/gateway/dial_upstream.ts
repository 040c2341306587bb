import type { AuthorizedTarget } from "./model/grant.ts";
import type { GatewayError } from "./problem/gateway_error.ts";
import type { SocketEnd } from "./socket_end.ts";

/** The handshake for an upstream. */
export interface OutboundHandshake {
  /** The headers, without those of the handshake itself. */
  headers: Headers;
  /** The sub-protocols that are offered, in their order. */
  protocols: readonly string[];
  /** The largest message that is accepted, in bytes. */
  maxMessage: number;
  signal: AbortSignal;
}

/** The upstream has accepted the handshake. */
export interface OpenedSocket {
  socket: SocketEnd;
  /** The sub-protocol that the upstream chose, one of those offered. Absent: none. */
  protocol?: string;
  /** The headers of the answer. */
  headers: Headers;
}

/**
 * Opens a WebSocket to an upstream (RFC 6455, section 4.1). It follows no redirect, retries nothing, and takes no proxy from
 * the environment. It rejects with a GatewayError: `upstream_unreachable` when no connection was made,
 * `upstream_broken` otherwise.
 *
 * @param target the URL to call
 * @param handshake headers, sub-protocols and limits
 * @param abort aborts the handshake, as for a request
 * @returns the open socket, or the answer of an upstream that refuses, with at most 64 kB of its body
 */
export type DialUpstream = (
  target: AuthorizedTarget,
  handshake: OutboundHandshake,
  abort: (reason: GatewayError, mayBeSent: boolean) => void,
) => Promise<OpenedSocket | Response>;
