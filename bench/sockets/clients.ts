import { handleCalls } from "../load/helper_process.ts";

// The clients of a peer, each with a WebSocket.

export type SocketClients = ReturnType<typeof createClients>;

const MESSAGE = "x".repeat(100);

function createClients() {
  const sockets: WebSocket[] = [];
  let received = 0;

  async function open(url: string): Promise<void> {
    const socket = new WebSocket(url);
    socket.onmessage = ({ data }) => {
      if (data !== MESSAGE) throw new Error("another message came back");
      received++;
    };
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = () => reject(new Error("a WebSocket was refused"));
    });
    sockets.push(socket);
  }

  return {
    /** Opens one WebSocket for each URL. */
    async open(urls: string[]) {
      for (let start = 0; start < urls.length; start += 100) {
        await Promise.all(urls.slice(start, start + 100).map(open));
      }
    },

    /** Has each socket say something once a second, and waits for all echoes. */
    async converse(seconds: number) {
      const total = sockets.length * seconds;
      const start = performance.now();
      received = 0;
      for (let sent = 0; sent < total;) {
        await Bun.sleep(1);
        const due = Math.floor(((performance.now() - start) / 1000) * sockets.length);
        for (; sent < Math.min(due, total); sent++) sockets[sent % sockets.length]!.send(MESSAGE);
      }
      const deadline = performance.now() + 10_000;
      while (received < total && performance.now() < deadline) await Bun.sleep(5);
      return { lost: total - received };
    },
  };
}

handleCalls(createClients());
