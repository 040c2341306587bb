import type { WebSocket } from "ws";
import type { SocketClose, SocketEnd, SocketEvents } from "../../gateway/socket_end.ts";

/** The most bytes that wait in this process for an upstream that does not read, beside the last message. */
const HIGH_WATER = 256 * 1024;

interface Early {
  message: string | Uint8Array;
  size: number;
}

/** The end of a tunnel that leads to an upstream. */
export class UpstreamSocket implements SocketEnd {
  readonly #socket: WebSocket;
  #events: SocketEvents | undefined;
  /** The messages that arrived together with the answer to the handshake. */
  readonly #early: Early[] = [];
  #closed: SocketClose | undefined;
  #fault: SocketClose["fault"];
  /** Whether the last pong has not left this process. */
  #isPongWaiting = false;
  /** The last ping that was not answered. */
  #unanswered: Buffer | undefined;

  /** @param socket which has just been opened, and answers no pings by itself */
  constructor(socket: WebSocket) {
    this.#socket = socket;
    // Until somebody listens nothing more is read.
    socket.pause();
    socket.on("message", (data: Buffer, isBinary: boolean) => this.#arrived(data, isBinary));
    socket.on("ping", (data: Buffer) => {
      this.#pong(data);
      this.#events?.onHeartbeat();
    });
    socket.on("pong", () => this.#events?.onHeartbeat());
    // An error has no URL and no data of the upstream in its code.
    socket.on("error", ({ code = "" }: { code?: string }) => (this.#fault ??= faultOf(code)));
    socket.on("close", (code: number, reason: Buffer) => {
      const fault = this.#fault && { fault: this.#fault };
      this.#closed = { code, reason: reason.toString(), ...fault };
      this.#events?.onClose(this.#closed);
    });
  }

  listen(events: SocketEvents): void {
    this.#events = events;
    for (const { message, size } of this.#early.splice(0)) events.onMessage(message, size);
    if (this.#closed) events.onClose(this.#closed);
    else this.resume();
  }

  send(message: string | Uint8Array): boolean {
    const isFull = this.#socket.bufferedAmount + message.length > HIGH_WATER;
    if (!isFull) this.#socket.send(message);
    // Called when all of it has left this process, or will never do so.
    else this.#socket.send(message, () => this.#events?.onDrain());
    return !isFull;
  }

  waiting(): number {
    return this.#socket.bufferedAmount;
  }

  pause(): void {
    if (this.#isOpen) this.#socket.pause();
  }

  resume(): void {
    if (this.#isOpen) this.#socket.resume();
  }

  ping(): void {
    if (this.#isOpen) this.#socket.ping();
  }

  close(code?: number, reason?: string): void {
    // The answer is behind what has arrived, and nobody reads that any more.
    this.resume();
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Only the last of several pings needs an answer (RFC 6455, section 5.5.3), so pongs do not pile up here. */
  #pong(ping: Buffer): void {
    if (!this.#isOpen) return;
    if (this.#isPongWaiting) {
      this.#unanswered = Buffer.from(ping);
      return;
    }
    this.#socket.pong(ping, undefined, () => this.#pongLeft());
    this.#isPongWaiting = this.waiting() > 0;
  }

  #pongLeft(): void {
    if (this.waiting() > 0) return;
    const ping = this.#unanswered;
    this.#isPongWaiting = false;
    this.#unanswered = undefined;
    if (ping) this.#pong(ping);
  }

  #arrived(data: Buffer, isBinary: boolean): void {
    const message = isBinary ? data : data.toString();
    if (this.#events) this.#events.onMessage(message, data.length);
    else this.#early.push({ message, size: data.length });
  }
}

function faultOf(code: string): SocketClose["fault"] {
  if (code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") return "too_big";
  return code.startsWith("WS_ERR_") ? "malformed" : undefined;
}
