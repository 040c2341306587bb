import { type AddressInfo, createServer, type Socket } from "node:net";
import { createHttpReader } from "./http_reader.ts";

/** Answers a request on its connection. */
export type Answer = (socket: Socket, path: string) => void;

/** An upstream that keeps nothing of what it gets, for thousands of requests without a body. */
export interface LightUpstream extends AsyncDisposable {
  url: string;
  /** The connections that are open now. */
  open: ReadonlySet<Socket>;
  /** How many requests came. */
  requests: () => number;
  stop: () => Promise<void>;
}

/** Starts one; each request is told by its path. */
export async function startLightUpstream(answer: Answer): Promise<LightUpstream> {
  const open = new Set<Socket>();
  let requests = 0;
  const server = createServer((socket) => {
    const reader = createHttpReader();
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {});
    socket.on("data", (data: Buffer) => {
      for (const event of reader.push(data)) {
        if (event.kind !== "head") continue;
        requests += 1;
        answer(socket, event.head.startLine.split(" ")[1] ?? "");
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 4096, resolve));
  const stop = async (): Promise<void> => {
    for (const socket of open) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    open,
    requests: () => requests,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
