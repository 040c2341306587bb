import {
  NO_CODE,
  NO_FRAME,
  type SocketClose,
  type SocketEnd,
  type SocketEvents,
} from "../../gateway/socket_end.ts";

/** A WebSocket of the server, whose `data` is its {@link ClientSocket}. */
export type ServerSocket = Bun.ServerWebSocket<ClientSocket>;

/** How long a client may read nothing of what was sent before the close frame, in milliseconds. */
const CLOSE_TIMEOUT_MS = 3000;

/** How many bytes of pongs may wait for a client that does not read. Then it is not read either. */
const MAX_PONGS = 64 * 1024;
/** The length of a pong without its data (RFC 6455, section 5.2). */
const PONG_HEAD = 2;

/** The end of a tunnel that leads to a client. */
export class ClientSocket implements SocketEnd {
  readonly #onEnd: () => void;
  #socket: ServerSocket | undefined;
  #events: SocketEvents | undefined;
  /** Sends the close frame. Absent: nothing waits before it. */
  #sendClose: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The bytes of the pongs since all had left. */
  #pongs = 0;
  /** Whether the tunnel has paused it. */
  #isPaused = false;

  /** Whether a tunnel may still pass on what this client has sent. */
  #isInUse = false;

  /** @param onEnd called when its connection and its tunnel have ended */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  /** Called by the server when it has sent 101. */
  opened(socket: ServerSocket): void {
    this.#socket = socket;
  }

  /** Called by the server for a message. */
  arrived(message: string | Buffer): void {
    this.#events?.onMessage(message, Buffer.byteLength(message));
  }

  /**
   * Called by the server for a ping, which the runtime answers.
   *
   * @param data of the ping
   */
  pinged({ length }: Buffer): void {
    this.#events?.onHeartbeat();
    if (this.waiting() === 0) return;
    this.#pongs += PONG_HEAD + length;
    if (this.#isFlooded) this.#socket?.pause();
  }

  /** Called by the server for a pong. */
  ponged(): void {
    this.#events?.onHeartbeat();
  }

  /** Called by the server when some of what was sent has left this process. */
  drained(): void {
    if (this.waiting() > 0) return;
    const wasFlooded = this.#isFlooded;
    this.#pongs = 0;
    if (wasFlooded && !this.#isPaused) this.#socket?.resume();
    if (this.#sendClose) this.#sendClose();
    else this.#events?.onDrain();
  }

  /** Called by the server when the connection has ended, or a close frame was sent. */
  closed(code: number, reason: string): void {
    clearTimeout(this.#timer);
    this.#socket = undefined;
    const wasInUse = this.#isInUse;
    // For a fault of the client the runtime tells 1006 and the reason of the close frame that it has sent.
    const isFault = code === NO_FRAME && reason !== "";
    this.#events?.onClose(isFault ? closeOfFault(reason) : { code, reason });
    if (!wasInUse) this.#onEnd();
  }

  /** Called when this process is about to end. */
  stopping(): void {
    this.#events?.onStop?.();
  }

  listen(events: SocketEvents): void {
    this.#events = events;
    this.#isInUse = true;
  }

  send(message: string | Uint8Array): boolean {
    // -1: it waits in this process. 0: the connection has ended.
    return this.#socket?.send(message) !== -1;
  }

  waiting(): number {
    return this.#socket?.getBufferedAmount() ?? 0;
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    if (!this.#isFlooded) this.#socket?.resume();
  }

  ping(): void {
    this.#socket?.ping();
  }

  close(code: number = NO_CODE, reason?: string): void {
    const socket = this.#socket;
    if (!socket || this.#sendClose) return;
    this.#sendClose = () => socket.close(code, reason);
    // Behind a close frame the runtime would keep what waits for as long as the client likes.
    const left = this.waiting();
    if (left === 0) return this.#sendClose();
    this.#awaitProgress(left);
  }

  terminate(): void {
    this.#socket?.terminate();
  }

  get #isFlooded(): boolean {
    return this.#pongs > MAX_PONGS;
  }

  released(): void {
    this.#isInUse = false;
    if (!this.#socket) this.#onEnd();
  }

  #awaitProgress(before: number): void {
    this.#timer = setTimeout(() => {
      const left = this.waiting();
      if (left < before) this.#awaitProgress(left);
      else this.terminate();
    }, CLOSE_TIMEOUT_MS);
  }
}

// What the runtime has sent: RFC 6455, section 7.4.1.
const PROTOCOL_ERROR = 1002;
const INVALID_TEXT = 1007;
const TOO_BIG = 1009;

function closeOfFault(reason: string): SocketClose {
  if (reason === "Received too big message") return { code: TOO_BIG, reason, fault: "too_big" };
  const code = reason === "Received invalid UTF-8" ? INVALID_TEXT : PROTOCOL_ERROR;
  return { code, reason, fault: "malformed" };
}
