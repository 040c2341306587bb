import { type AddressInfo, createServer, type Socket } from "node:net";
import { createHttpReader } from "../../support/http_reader.ts";
import type { ResponseInput } from "./response_input.ts";

/** An upstream that sends what it is told, byte for byte, once on each connection. */
export interface PlayingUpstream extends AsyncDisposable {
  /**
   * Keeps what is sent in response to the next request for a number.
   *
   * @returns the URL to ask. Each has an address of its own, so that no connection is used twice: what is left
   *   of an odd response would be taken for the next one
   */
  play: (number: number, input: ResponseInput) => string;
}

/** Starts one. */
export async function startPlayingUpstream(): Promise<PlayingUpstream> {
  const inputs = new Map<number, ResponseInput>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const reader = createHttpReader();
    let number: number | undefined;
    socket.on("data", (data: Buffer) => {
      for (const event of reader.push(data)) {
        if (event.kind === "head")
          number = Number(/\/case\/(\d+) /.exec(event.head.startLine)?.[1]);
        if (event.kind !== "end") continue;
        const input = inputs.get(number!);
        if (input) void send(socket, input);
        else socket.destroy();
      }
    });
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    play(number, input) {
      inputs.set(number, input);
      return `http://127.0.${number >> 8}.${number & 255}:${port}/case/${number}`;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function send(socket: Socket, { bytes, cuts, pause, ending }: ResponseInput): Promise<void> {
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    if (socket.destroyed) return;
    if (to > from) socket.write(bytes.subarray(from, to));
    from = to;
    if (to < bytes.length) await Bun.sleep(pause);
  }
  // Bytes that the kernel still holds would be lost with a reset.
  if (ending === "reset") await Bun.sleep(30);
  if (ending === "reset") socket.resetAndDestroy();
  else if (ending === "fin") socket.end();
}
