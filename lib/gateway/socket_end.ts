/** The code of a close frame that has none (RFC 6455, section 7.4.1). It is never sent. */
export const NO_CODE = 1005;

/** The code where there was no close frame (RFC 6455, section 7.4.1). It is never sent. */
export const NO_FRAME = 1006;

/** How a WebSocket ended. */
export interface SocketClose {
  /** The code of the close frame (RFC 6455, section 7.4), {@link NO_CODE} or {@link NO_FRAME}. */
  code: number;
  /** The reason in the close frame; empty when it had none. */
  reason: string;
  /**
   * What is wrong with what the other side sent, for which this side ended it. Code and reason are then those that this
   * side has sent, if it knows them. Absent: nothing.
   */
  fault?: "too_big" | "malformed";
}

/** Callbacks for the events at one end of a WebSocket. */
export interface SocketEvents {
  /**
   * A whole message arrived.
   *
   * @param message a text message as a string, a binary one as bytes that are valid until the call returns
   * @param size its length in bytes
   */
  onMessage: (message: string | Uint8Array, size: number) => void;
  /** A ping or a pong arrived. The end answers pings itself. */
  onHeartbeat: () => void;
  /** All that was sent has left this process, so that more may be sent. */
  onDrain: () => void;
  /** It has ended. Called once. */
  onClose: (close: SocketClose) => void;
  /** The process is about to end. Only ends of clients call it. */
  onStop?: () => void;
}

/** One of the two ends of a tunnel: a WebSocket to a client or to an upstream. */
export interface SocketEnd {
  /** Sets what is called from now on. What has arrived before that is not lost. */
  listen: (events: SocketEvents) => void;
  /**
   * Sends a message. Nothing is ever dropped.
   *
   * @param message text as a string, or bytes
   * @returns whether more may be sent at once. Otherwise the sender waits for `onDrain`
   */
  send: (message: string | Uint8Array) => boolean;
  /** Returns how many bytes were sent and have not left this process. */
  waiting: () => number;
  /** Stops reading, so that the sender has to wait. A few messages that have arrived may still follow. */
  pause: () => void;
  /** Reads on. */
  resume: () => void;
  /** Sends a ping. */
  ping: () => void;
  /**
   * Sends a close frame behind all messages, and ends the connection once that is answered, or after a few seconds in which
   * the other side reads nothing.
   *
   * @param code the code. Default: the frame has none
   * @param reason at most 123 bytes. Default: none
   */
  close: (code?: number, reason?: string) => void;
  /** Ends the connection without a close frame. */
  terminate: () => void;
  /** The tunnel has ended, which may be after its connection. Only ends of clients need to know. */
  released?: () => void;
}
