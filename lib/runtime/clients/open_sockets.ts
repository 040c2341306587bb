import { ClientSocket } from "./client_socket.ts";

/** The WebSockets of this process to its clients, until their messages are passed on. */
export interface OpenSockets {
  /**
   * Answers the handshake of a client with 101.
   *
   * @param server that got the handshake
   * @param request the handshake
   * @param headers of the answer; an empty `Sec-WebSocket-Protocol` is not sent
   * @returns its end; `undefined` when the client has left
   */
  accept: (
    server: Bun.Server<ClientSocket>,
    request: Request,
    headers: Headers,
  ) => ClientSocket | undefined;
  /** Waits until there is none. */
  idle: () => Promise<void>;
  /** Ends all of them, and waits until their close frames are sent, for half a second at the most. */
  stop: () => Promise<void>;
}

const STOP_MS = 500;

/** Creates an empty list of sockets. */
export function createOpenSockets(): OpenSockets {
  const open = new Set<ClientSocket>();
  const onEmpty: (() => void)[] = [];
  const idle = (): Promise<void> =>
    new Promise((resolve) => {
      if (open.size === 0) resolve();
      else onEmpty.push(resolve);
    });
  return {
    idle,
    accept(server, request, headers) {
      const socket: ClientSocket = new ClientSocket(() => {
        open.delete(socket);
        if (open.size === 0) for (const resolve of onEmpty.splice(0)) resolve();
      });
      if (!server.upgrade(request, { headers, data: socket })) return undefined;
      open.add(socket);
      return socket;
    },
    async stop() {
      for (const socket of open) socket.stopping();
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, STOP_MS);
      await Promise.race([idle(), late]);
      clearTimeout(timer);
    },
  };
}

/**
 * The handlers of a server for its WebSockets. The gateway itself sends pings and limits silence.
 *
 * @param maxMessage the largest message, in bytes
 */
export function socketHandlers(maxMessage: number): Bun.WebSocketHandler<ClientSocket> {
  return {
    maxPayloadLength: maxMessage,
    // Otherwise the runtime drops messages. The sender is paused instead.
    backpressureLimit: 0,
    closeOnBackpressureLimit: false,
    idleTimeout: 0,
    sendPings: false,
    perMessageDeflate: false,
    open: (socket) => socket.data.opened(socket),
    message: (socket, message) => socket.data.arrived(message),
    ping: (socket, data) => socket.data.pinged(data),
    pong: (socket) => socket.data.ponged(),
    drain: (socket) => socket.data.drained(),
    close: (socket, code, reason) => socket.data.closed(code, reason),
  };
}
