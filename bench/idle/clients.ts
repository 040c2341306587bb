import type { Socket } from "bun";
import { handleCalls } from "../load/helper_process.ts";

// The clients of a peer that keep a connection open and say nothing.

export type IdleClients = ReturnType<typeof createClients>;

const AT_ONCE = 100;

function createClients() {
  const open = new Set<Socket>();

  /** Opens a connection, and waits for the response to one request. */
  async function connect(port: number, request: string): Promise<void> {
    const answered = Promise.withResolvers<void>();
    const socket = await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        open: (socket) => void socket.write(request),
        data(_, bytes) {
          const status = bytes.toString("latin1", 9, 12);
          if (status === "200") answered.resolve();
          else answered.reject(new Error(`a request was answered with ${status}`));
        },
        close(socket) {
          open.delete(socket);
          answered.reject(new Error("a connection was closed"));
        },
      },
    });
    open.add(socket);
    await answered.promise;
  }

  return {
    /** Closes all connections and opens so many new ones, each with an answered request. */
    async open(port: number, request: string, count: number) {
      for (const socket of open) socket.terminate();
      open.clear();
      for (let start = 0; start < count; start += AT_ONCE) {
        const length = Math.min(AT_ONCE, count - start);
        await Promise.all(Array.from({ length }, () => connect(port, request)));
      }
    },

    /** The number of connections that are open. */
    count: () => open.size,
  };
}

handleCalls(createClients());
