import { createServer, type AddressInfo, type Socket } from "node:net";
import type { HttpMessage } from "../../support/http_message.ts";
import { createHttpReader } from "../../support/http_reader.ts";

/** An upstream that answers whatever it is asked and knows by whom. */
export interface CountingUpstream {
  /** With a path that ends in `/`, to which a case's number is appended. */
  url: string;
  /** How many requests arrived for a case. */
  arrivals: (number: number) => number;
  /** How many requests arrived in all. */
  total: () => number;
  /** What no gateway may send: bad framing, an unknown path, a wrong or missing key. */
  complaints: string[];
  stop: () => Promise<void>;
}

/** The header that the gateway adds, and that no caller may set. */
export const KEY = ["X-Key", "a key that callers never see"] as const;

const PATH = "/case/";

/** Starts an upstream that marks each answer with the number of its case. */
export async function startCountingUpstream(): Promise<CountingUpstream> {
  const counts = new Map<number, number>();
  const complaints: string[] = [];
  const sockets = new Set<Socket>();
  let total = 0;

  const server = createServer((socket) => {
    sockets.add(socket);
    let number = NaN;
    const reader = createHttpReader();
    const onHead = ({ startLine, all, head }: HttpMessage): void => {
      number = Number(/^[A-Z]+ \/case\/(\d+) HTTP\/1\.1$/.exec(startLine)?.[1]);
      if (!Number.isInteger(number)) complaints.push(`an unknown target: ${startLine}`);
      const keys = [...all("x-key"), ...all("x_key")];
      if (keys.join() !== KEY[1]) complaints.push(`the keys are ${JSON.stringify(head)}`);
      counts.set(number, (counts.get(number) ?? 0) + 1);
      total += 1;
    };
    socket.on("data", (bytes: Buffer) => {
      try {
        for (const event of reader.push(bytes)) {
          if (event.kind === "head") onHead(event.head);
          else if (event.kind === "end") socket.write(answerTo(number));
        }
      } catch (error) {
        complaints.push(`${error}: ${JSON.stringify(bytes.toString("latin1"))}`);
        socket.destroy();
      }
    });
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`,
    arrivals: (case_) => counts.get(case_) ?? 0,
    total: () => total,
    complaints,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function answerTo(number: number): string {
  return `HTTP/1.1 200 OK\r\nX-Case: ${number}\r\nContent-Length: 2\r\n\r\nok`;
}
