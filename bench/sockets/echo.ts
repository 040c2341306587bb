import { handleCalls } from "../load/helper_process.ts";

// The upstream of all WebSockets: an echo.

export type EchoHandlers = ReturnType<typeof startEcho>;

function startEcho() {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request, listener) => (listener.upgrade(request) ? undefined : new Response(null)),
    websocket: {
      idleTimeout: 0,
      sendPings: false,
      perMessageDeflate: false,
      message: (socket, message) => void socket.send(message),
    },
  });
  return { port: () => server.port! };
}

handleCalls(startEcho());
