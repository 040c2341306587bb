import { createServer } from "node:net";

// Below them are the ports of services, and above them Linux takes those of connections.
const FIRST = 10_000;
const LAST = 32_000;

/**
 * A port of the loopback address on which nobody listens now, for what cannot choose its own. The runtime would choose one
 * that the next connection of any process may take.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once("error", () => resolve(false));
  server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  return promise;
}
