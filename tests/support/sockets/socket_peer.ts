import type { Socket } from "node:net";
import { waitFor } from "../wait_for.ts";
import { closePayload, createFrameReader, type Frame, frame, OPCODE } from "./frames.ts";

/** One side of a WebSocket, by raw bytes: it sends exactly what it is told, and answers nothing by itself. */
export interface SocketPeer {
  socket: Socket;
  /** The start line of the handshake, at an upstream; empty at a client. */
  handshake: string;
  /** Every frame so far. */
  frames: Frame[];
  /** How the connection ended; `undefined` while it is open. */
  ended: () => "fin" | "reset" | undefined;
  /** Sends bytes. Resolves when the kernel has taken them. */
  write: (bytes: Uint8Array) => Promise<void>;
  /** Sends a frame, masked as its side requires. */
  send: (
    opcode: number,
    payload?: string | Uint8Array,
    options?: { isFinal?: boolean; reserved?: number; length?: number; isMasked?: boolean },
  ) => Promise<void>;
  text: (message: string) => Promise<void>;
  binary: (message: Uint8Array) => Promise<void>;
  close: (code?: number, reason?: string) => Promise<void>;
  /** The next message, its fragments joined; control frames are left out. */
  message: () => Promise<Frame>;
  /** Code and reason of the close frame; `undefined` for the code when it has none. */
  closeFrame: () => Promise<{ code: number | undefined; reason: string }>;
  /** Waits until the other side has ended the connection. */
  closed: () => Promise<"fin" | "reset">;
}

/**
 * Makes a peer of a connection whose handshake is done.
 *
 * @param socket the connection
 * @param isClient whether its frames are masked
 * @param head what has arrived behind the handshake
 */
export function socketPeer(socket: Socket, isClient: boolean, head: Buffer): SocketPeer {
  const frames: Frame[] = [];
  const read = createFrameReader();
  let ended: "fin" | "reset" | undefined = socket.destroyed ? "fin" : undefined;
  let taken = 0;
  frames.push(...read(head));
  socket.on("data", (piece: Buffer) => frames.push(...read(piece)));
  socket.on("end", () => (ended ??= "fin"));
  socket.on("error", () => (ended = "reset"));
  socket.on("close", () => (ended ??= "fin"));
  const write = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve) => socket.write(bytes, () => resolve()));
  const send: SocketPeer["send"] = (opcode, payload, options) =>
    write(frame(opcode, payload, { isMasked: isClient, ...options }));
  return {
    socket,
    handshake: "",
    frames,
    ended: () => ended,
    write,
    send,
    text: (message) => send(OPCODE.text, message),
    binary: (message) => send(OPCODE.binary, message),
    close: (code, reason) =>
      send(OPCODE.close, code === undefined ? "" : closePayload(code, reason)),
    message: () =>
      waitFor("a message", () => {
        const { message, next } = messageFrom(frames, taken);
        if (message) taken = next;
        return message;
      }),
    async closeFrame() {
      const { payload } = await waitFor("a close frame", () =>
        frames.find(({ opcode }) => opcode === OPCODE.close),
      );
      if (payload.length === 0) return { code: undefined, reason: "" };
      return { code: payload.readUInt16BE(), reason: payload.subarray(2).toString() };
    },
    closed: () => waitFor("the end of a connection", () => ended),
  };
}

function messageFrom(frames: readonly Frame[], from: number): { message?: Frame; next: number } {
  const parts: Frame[] = [];
  for (let index = from; index < frames.length; index++) {
    const part = frames[index]!;
    if (part.opcode >= OPCODE.close) continue;
    parts.push(part);
    if (!part.isFinal) continue;
    const payload = Buffer.concat(parts.map((each) => each.payload));
    return { message: { ...parts[0]!, isFinal: true, payload }, next: index + 1 };
  }
  return { next: from };
}
