import { GatewayError } from "../../problem/gateway_error.ts";
import type { SocketEnd } from "../../socket_end.ts";
import type { MessageMeter } from "./message_meter.ts";

/** The parts of a pipe, apart from its two ends. */
export interface PipeOptions {
  /** Draws the bytes of messages from the ledger. Absent: they are not counted. */
  meter?: MessageMeter | undefined;
  /** Whether the exchange may go on. It is asked before each message. */
  isHeld: () => boolean;
  /** Called for each message that is passed on, with its length in bytes. */
  onPass: (size: number) => void;
  /** Called when a limit ends the exchange. */
  onLimit: (error: GatewayError) => void;
}

interface Waiting {
  message: string | Uint8Array;
  size: number;
}

/**
 * Passes the messages of one end of a tunnel on to the other, one way. While the other end is full, or bytes are drawn,
 * its source is paused, so that the sender waits and nothing piles up here.
 */
export class MessagePipe {
  readonly #source: SocketEnd;
  readonly #target: SocketEnd;
  readonly #options: PipeOptions;
  /** The messages that arrived while bytes are drawn. Absent: none are drawn. */
  #waiting: Waiting[] | undefined;
  #isFull = false;
  #onIdle: (() => void) | undefined;

  /**
   * @param source where the messages come from
   * @param target where they go
   * @param options the limits, and what is called
   */
  constructor(source: SocketEnd, target: SocketEnd, options: PipeOptions) {
    this.#source = source;
    this.#target = target;
    this.#options = options;
  }

  /** Whether the source is paused. */
  get isPaused(): boolean {
    return this.#isFull || this.#waiting !== undefined;
  }

  /** Passes a message on, or keeps it while bytes are drawn. */
  push(message: string | Uint8Array, size: number): void {
    if (this.#waiting) return this.#keep(message, size);
    const taken = this.#options.meter?.take(size) ?? true;
    if (typeof taken === "boolean") return this.#pass({ message, size }, taken);
    this.#waiting = [];
    this.#keep(message, size);
    this.#source.pause();
    void this.#passWaiting(this.#waiting, taken);
  }

  /** The target has room again. */
  drained(): void {
    if (!this.#isFull) return;
    this.#isFull = false;
    if (!this.isPaused) this.#source.resume();
  }

  /** Calls back when every message that has arrived is passed on: at once, unless bytes are drawn. */
  whenIdle(callback: () => void): void {
    if (this.#waiting) this.#onIdle = callback;
    else callback();
  }

  #keep(message: string | Uint8Array, size: number): void {
    // The bytes of a message are valid only until the call returns.
    this.#waiting!.push({ message: typeof message === "string" ? message : message.slice(), size });
  }

  async #passWaiting(waiting: readonly Waiting[], first: Promise<boolean>): Promise<void> {
    try {
      this.#pass(waiting[0]!, await first);
      // More may arrive meanwhile, although the source is paused.
      for (let index = 1; index < waiting.length; index++) {
        this.#pass(
          waiting[index]!,
          await (this.#options.meter?.take(waiting[index]!.size) ?? true),
        );
      }
    } catch {
      this.#options.onLimit(new GatewayError("ledger_unavailable", "no bytes could be drawn"));
    }
    this.#waiting = undefined;
    if (!this.#isFull) this.#source.resume();
    this.#onIdle?.();
  }

  /** A message is passed on whole or not at all. */
  #pass({ message, size }: Waiting, isTaken: boolean): void {
    const { isHeld, onLimit, onPass } = this.#options;
    if (!isHeld()) return onLimit(new GatewayError("ledger_unavailable", "the lease was lost"));
    if (!isTaken) return onLimit(new GatewayError("bytes_exhausted"));
    onPass(size);
    if (this.#target.send(message) || this.#isFull) return;
    this.#isFull = true;
    this.#source.pause();
  }
}
