import { WebSocket } from "ws";

// A proxy for WebSockets in Bun that does as little as possible, and passes messages on without asking for room.

const [port, upstream = ""] = process.argv.slice(2);

Bun.serve<WebSocket>({
  port: Number(port),
  hostname: "127.0.0.1",
  development: false,
  async fetch(request, server) {
    const { pathname } = new URL(request.url);
    const data = new WebSocket(upstream.replace("http", "ws") + pathname, {
      perMessageDeflate: false,
    });
    await new Promise((resolve, reject) => {
      data.on("open", resolve);
      data.on("error", reject);
    });
    return server.upgrade(request, { data }) ? undefined : new Response(null, { status: 400 });
  },
  websocket: {
    idleTimeout: 0,
    sendPings: false,
    perMessageDeflate: false,
    open(socket) {
      socket.data.on("message", (data, isBinary) =>
        socket.send(isBinary ? (data as Buffer) : data.toString()),
      );
      socket.data.on("close", () => socket.close());
    },
    message: (socket, message) => socket.data.send(message),
    close: (socket) => socket.data.close(),
  },
});
