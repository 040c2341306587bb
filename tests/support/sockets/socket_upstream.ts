import { createHash } from "node:crypto";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { type HttpMessage, parseHead } from "../http_message.ts";
import { waitFor } from "../wait_for.ts";
import { type SocketPeer, socketPeer } from "./socket_peer.ts";

/** What an upstream answers to a handshake. */
export interface Answer {
  /** The sub-protocol in the answer. Default: none. */
  protocol?: string | undefined;
  /** Further header lines. Default: none. */
  headers?: readonly string[];
  /** Bytes in the same packet. Default: none. */
  head?: Uint8Array;
  /** The whole answer, in place of a proper one. */
  raw?: string;
  /** How long to wait before it, in milliseconds. Default: 0. */
  delay?: number;
}

/** A server for WebSockets whose connections are in the hands of the test. */
export interface SocketUpstream extends AsyncDisposable {
  port: number;
  url: string;
  /** The handshakes so far. */
  handshakes: HttpMessage[];
  /** The connections so far, in the order of their answers. */
  peers: SocketPeer[];
  /** Waits for the next peer that no test has taken. */
  next: () => Promise<SocketPeer>;
  /** The bytes of all connections, handshakes included. */
  received: () => string;
}

/** Returns `Sec-WebSocket-Accept` for a key (RFC 6455, section 4.2.2). */
export function acceptOf(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

/** Starts one. */
export async function startSocketUpstream(
  answer: (handshake: HttpMessage) => Answer = () => ({}),
): Promise<SocketUpstream> {
  const handshakes: HttpMessage[] = [];
  const peers: SocketPeer[] = [];
  const sockets = new Set<Socket>();
  const pieces: Buffer[] = [];
  let taken = 0;
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    let bytes = Buffer.alloc(0);
    const begin = (piece: Buffer): void => {
      pieces.push(piece);
      bytes = Buffer.concat([bytes, piece]);
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      socket.off("data", begin);
      socket.on("data", (more: Buffer) => pieces.push(more));
      const handshake = parseHead(bytes)!;
      handshakes.push(handshake);
      void respondTo(socket, handshake, answer(handshake)).then((isOpen) => {
        if (!isOpen) return;
        const peer = socketPeer(socket, false, bytes.subarray(end + 4));
        peers.push({ ...peer, handshake: handshake.startLine });
      });
    };
    socket.on("data", begin);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `ws://127.0.0.1:${port}`,
    handshakes,
    peers,
    next: () => waitFor("a handshake at the upstream", () => peers[taken] && peers[taken++]),
    received: () => Buffer.concat(pieces).toString("latin1"),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function respondTo(
  socket: Socket,
  handshake: HttpMessage,
  { protocol, headers = [], head, raw, delay = 0 }: Answer,
): Promise<boolean> {
  if (delay > 0) await Bun.sleep(delay);
  if (raw !== undefined) {
    socket.write(raw, "latin1");
    return false;
  }
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${acceptOf(handshake.all("sec-websocket-key")[0] ?? "")}`,
    ...(protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
    ...headers,
  ];
  const answer = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  socket.write(head ? Buffer.concat([answer, head]) : answer);
  return true;
}
