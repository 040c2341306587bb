import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import type { DialUpstream, OpenedSocket, OutboundHandshake } from "../../gateway/dial_upstream.ts";
import { DEFAULTS } from "../../gateway/defaults.ts";
import { GatewayError } from "../../gateway/problem/gateway_error.ts";
import type { TimerWheel } from "../../gateway/time/timer_wheel.ts";
import { connectFailure } from "./connect_failure.ts";
import { locatedTarget } from "./located_target.ts";
import { createMovedNames } from "./moved_names.ts";
import { readRefusal } from "./read_refusal.ts";
import { createResolver, type Resolver } from "./resolve.ts";
import { UpstreamSocket } from "./upstream_socket.ts";
import { watchConnecting } from "./watch_connecting.ts";

/** Settings of {@link createDial}. */
export interface DialOptions {
  timers: TimerWheel;
  /** Seconds to wait for a connection; 0 sets no limit. Default: {@link DEFAULTS}. */
  connectTimeout?: number;
  /** Certificates to trust in addition to the runtime's own, in PEM. Default: none. */
  upstreamCa?: string;
  /** Looks up a name again after a failed connection to it. Default: the system's resolver. */
  resolver?: Resolver;
}

// Of an upstream that does not answer a close frame, in milliseconds.
const CLOSE_TIMEOUT_MS = 3000;

/**
 * Creates a function that opens WebSockets to upstreams, with the client that is part of the runtime.
 *
 * @param options the timers, limits, trusted certificates and the resolver
 */
export function createDial(options: DialOptions): DialUpstream {
  const { timers, connectTimeout = DEFAULTS.connectTimeout, upstreamCa } = options;
  const names = createMovedNames(options.resolver ?? createResolver());
  return async (admitted, handshake, abort) => {
    const upstream = await names.locate(admitted);
    handshake.signal.throwIfAborted();
    const { target, tls } = locatedTarget(upstream, handshake.headers, upstreamCa);
    const stopWatching = watchConnecting(
      target,
      { seconds: connectTimeout, timers },
      (reason, mayBeSent) => {
        names.doubt(upstream);
        abort(reason, mayBeSent);
      },
    );
    try {
      return await open(target, tls, handshake);
    } catch (error) {
      const failure = error instanceof GatewayError ? error : connectFailure(error);
      if (failure.code === "upstream_unreachable") names.doubt(upstream);
      throw failure;
    } finally {
      stopWatching();
    }
  };
}

function open(
  target: string,
  tls: ReturnType<typeof locatedTarget>["tls"],
  handshake: OutboundHandshake,
): Promise<OpenedSocket | Response> {
  const { signal, maxMessage } = handshake;
  const socket = new WebSocket(target.replace(/^http/, "ws"), [], {
    headers: handshakeHeaders(handshake),
    perMessageDeflate: false,
    maxPayload: maxMessage,
    autoPong: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    ...tls,
  } as ConstructorParameters<typeof WebSocket>[2]);
  const stop = () => socket.terminate();
  signal.addEventListener("abort", stop);
  return new Promise<OpenedSocket | Response>((resolve, reject) => {
    let answer: Pick<OpenedSocket, "headers" | "protocol"> | undefined;
    socket.on("upgrade", (head) => {
      try {
        answer = readAnswer(head, handshake.protocols);
      } catch (error) {
        reject(error);
      }
    });
    socket.on("unexpected-response", (_, head) => readRefusal(head).then(resolve, reject));
    socket.on("open", () => {
      if (answer) resolve({ socket: new UpstreamSocket(socket), ...answer });
      else socket.terminate();
    });
    socket.on("error", reject);
  }).finally(() => signal.removeEventListener("abort", stop));
}

// The client of the runtime takes an answer without any of the sub-protocols as an error, but servers may choose none
// (RFC 6455, section 4.2.2). So it is not told of them, and the choice is checked here.
function handshakeHeaders({ headers, protocols }: OutboundHandshake): Record<string, string> {
  const offered = protocols.length > 0 && { "Sec-WebSocket-Protocol": protocols.join(", ") };
  return { ...Object.fromEntries(headers), ...offered };
}

/** @throws GatewayError `upstream_broken` for a sub-protocol that was not offered */
function readAnswer(
  { rawHeaders }: IncomingMessage,
  offered: readonly string[],
): Pick<OpenedSocket, "headers" | "protocol"> {
  const headers = new Headers();
  let protocol: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    headers.append(name, value);
    if (name.toLowerCase() !== "sec-websocket-protocol") continue;
    if (protocol !== undefined || !offered.includes(value)) {
      throw new GatewayError("upstream_broken", "a sub-protocol that was not offered");
    }
    protocol = value;
    // The client of the runtime reads the same list after this.
    rawHeaders.splice(index, 2);
    index -= 2;
  }
  return { headers, ...(protocol !== undefined && { protocol }) };
}
