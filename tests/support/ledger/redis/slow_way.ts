import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A way to a server on which everything takes longer. */
export interface SlowWay extends Disposable {
  port: number;
  /** The port to which new connections go. */
  target: number;
  /** How long a piece takes in each direction, in milliseconds. */
  delayMs: number;
  /** Whether nothing passes any more, although the connections are open. */
  isCut: boolean;
}

/** Passes on what comes on a free port of its own. */
export async function startSlowWay(target: number): Promise<SlowWay> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(way.target, "127.0.0.1");
    pass(client, upstream);
    pass(upstream, client);
  });
  const way: SlowWay = {
    port: 0,
    target,
    delayMs: 0,
    isCut: false,
    [Symbol.dispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  function pass(from: Socket, to: Socket): void {
    sockets.add(from);
    from.on("data", (piece) => {
      setTimeout(() => void (way.isCut || to.destroyed || to.write(piece)), way.delayMs);
    });
    from.on("error", () => to.destroy());
    from.on("close", () => {
      sockets.delete(from);
      setTimeout(() => to.destroy(), way.delayMs);
    });
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  way.port = (server.address() as AddressInfo).port;
  return way;
}
