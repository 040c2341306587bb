import { GatewayError } from "../../problem/gateway_error.ts";
import type { Outcome } from "../../record/exchange_record.ts";
import { NO_CODE, NO_FRAME, type SocketClose, type SocketEnd } from "../../socket_end.ts";
import { watchForStall } from "../../time/stall_watch.ts";
import { outcomeOfEnd } from "../abandon.ts";
import type { Transfer } from "../transfer.ts";
import { BROKEN, closeCodeOf, GOING_AWAY, TOO_BIG } from "./close_codes.ts";
import { GuardedUplink } from "./guarded_uplink.ts";
import { createKeepalive, type Keepalive } from "./keepalive.ts";
import { MessageMeter } from "./message_meter.ts";
import { MessagePipe, type PipeOptions } from "./message_pipe.ts";

/** The two ends of a tunnel. */
export interface TunnelEnds {
  client: SocketEnd;
  upstream: SocketEnd;
}

/** How a tunnel ended, for the record. */
interface Ending {
  outcome: Outcome;
  /** The code that the client got or sent. */
  code: number;
}

const encoder = new TextEncoder();

type CommonOptions = Omit<PipeOptions, "onPass">;

/** Relays the messages of a WebSocket both ways, until one side, a limit or the gateway ends it. */
export class Tunnel {
  readonly #transfer: Transfer;
  readonly #ends: TunnelEnds;
  readonly #up: MessagePipe;
  readonly #down: MessagePipe;
  readonly #idle: ReturnType<typeof watchForStall>;
  readonly #keepalive: Keepalive;
  readonly #messages = { in: 0, out: 0 };
  /** Checks what the client says. Absent: it may say anything. */
  readonly #uplink: GuardedUplink | undefined;
  /** One side has ended, and what has arrived before is still passed on. */
  #isClosing = false;
  #hasEnded = false;

  /**
   * @param transfer its limits, and the exchange that records it
   * @param ends the two ends, of which nothing was read yet
   */
  constructor(transfer: Transfer, ends: TunnelEnds) {
    const { options, admission, reservation } = transfer;
    this.#transfer = transfer;
    this.#ends = ends;
    const isCounted = reservation !== undefined && reservation.allowance < Infinity;
    const common: CommonOptions = {
      meter: isCounted ? new MessageMeter(reservation) : undefined,
      isHeld: () => reservation?.isHeld() ?? true,
      onLimit: (error) => this.end(error),
    };
    this.#up = this.#createPipe("in", common);
    this.#down = this.#createPipe("out", common);
    this.#uplink = this.#createUplink();
    const seconds = admission.target.rule.idleTimeout ?? options.idleTimeout;
    const giveUp = () => this.end(new GatewayError("upstream_timeout", "no message for too long"));
    this.#idle = watchForStall(options.timers, seconds, giveUp);
    this.#keepalive = createKeepalive(ends.client, {
      timers: options.timers,
      interval: options.wsPing,
      isPaused: () => this.#up.isPaused,
      onGone: () => this.#closedByClient({ code: NO_FRAME, reason: "" }),
    });
  }

  /** Begins to relay. */
  start(): void {
    const { client, upstream } = this.#ends;
    this.#idle.wait();
    for (const message of this.#transfer.checked?.socket?.first ?? []) upstream.send(message);
    client.listen({
      onMessage: (message, size) => {
        this.#keepalive.heard();
        if (this.#uplink && !this.#hasEnded) this.#uplink.push(message);
        else this.#relay(this.#up, message, size);
      },
      onHeartbeat: () => this.#keepalive.heard(),
      onDrain: () => {
        this.#down.drained();
        this.#uplink?.drained();
      },
      onClose: (close) => this.#closedByClient(close),
      onStop: () => this.end(new GatewayError("draining")),
    });
    upstream.listen({
      onMessage: (message, size) => {
        if (typeof message === "string") this.#passDown(message, size);
        else this.#relay(this.#down, message, size);
      },
      onHeartbeat: () => {},
      onDrain: () => this.#up.drained(),
      onClose: (close) => this.#closedByUpstream(close),
    });
  }

  /**
   * Ends the tunnel, because a limit is reached or the gateway stops.
   *
   * @param error its code is the reason in the close frame
   */
  end(error: GatewayError): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const code = closeCodeOf(error);
    this.#ends.client.close(code, error.code);
    this.#ends.upstream.close(GOING_AWAY);
    this.#transfer.exchange.failed(error.code, error.reason);
    const outcome = error.code === "draining" ? "gateway_stopped" : outcomeOfEnd(error.code);
    this.#finish({ outcome, code });
  }

  #passDown(message: string, size: number): void {
    this.#transfer.settlement?.message(message);
    this.#uplink?.read(message);
    const visible = this.#uplink ? this.#uplink.show(message) : message;
    if (visible === undefined) return;
    const isWhole = visible === message;
    this.#relay(this.#down, visible, isWhole ? size : encoder.encode(visible).length);
  }

  #relay(pipe: MessagePipe, message: string | Uint8Array, size: number): void {
    if (this.#hasEnded) return;
    // A message restarts the wait.
    this.#idle.wait();
    pipe.push(message, size);
  }

  #closedByClient(close: SocketClose): void {
    if (this.#isClosing || this.#hasEnded) return;
    this.#isClosing = true;
    this.#up.whenIdle(() => {
      if (this.#hasEnded) return;
      const { client, upstream } = this.#ends;
      if (close.fault) upstream.terminate();
      else passOn(close, upstream);
      // It may be only silent.
      if (close.code === NO_FRAME) client.terminate();
      this.#finish(this.#endingByClient(close));
    });
  }

  #endingByClient({ code, fault }: SocketClose): Ending {
    const { exchange, options } = this.#transfer;
    if (fault) {
      exchange.noted(TEXTS[fault]);
      return { outcome: "refused", code };
    }
    if (code !== NO_FRAME) return { outcome: "complete", code };
    return { outcome: options.phase() === "cutting" ? "gateway_stopped" : "client_gone", code };
  }

  #closedByUpstream(close: SocketClose): void {
    if (this.#isClosing || this.#hasEnded) return;
    this.#isClosing = true;
    this.#down.whenIdle(() => {
      if (this.#hasEnded) return;
      const { client } = this.#ends;
      const { fault } = close;
      if (fault) this.#transfer.exchange.failed("upstream_broken", TEXTS[fault]);
      const code = fault ? CODES[fault] : close.code;
      if (fault) client.close(code, "upstream_broken");
      else passOn(close, client);
      const isBroken = close.code === NO_FRAME || fault !== undefined;
      this.#finish({ outcome: isBroken ? "upstream_truncated" : "complete", code });
    });
  }

  #createUplink(): GuardedUplink | undefined {
    const { checked, reserveResponse: reserve } = this.#transfer;
    const guard = checked?.socket;
    if (!guard) return undefined;
    return new GuardedUplink({
      guard,
      client: this.#ends.client,
      reserve,
      forward: (message, size) => this.#relay(this.#up, message, size),
      isFull: () => this.#up.isPaused,
      end: (error) => this.end(error),
    });
  }

  #createPipe(direction: "in" | "out", common: CommonOptions): MessagePipe {
    const { client, upstream } = this.#ends;
    const { exchange, settlement } = this.#transfer;
    const onPass = (size: number) => {
      this.#messages[direction]++;
      if (direction === "in") exchange.received(size);
      else exchange.sent(size);
      settlement?.passed(size);
    };
    const [source, target] = direction === "in" ? [client, upstream] : [upstream, client];
    return new MessagePipe(source, target, { ...common, onPass });
  }

  #finish({ outcome, code }: Ending): void {
    this.#hasEnded = true;
    this.#idle.stop();
    this.#keepalive.stop();
    this.#uplink?.stop();
    const { exchange } = this.#transfer;
    const { in: messagesIn, out: messagesOut } = this.#messages;
    exchange.socketClosed({ messagesIn, messagesOut, closeCode: code });
    exchange.end(outcome);
  }
}

type Fault = NonNullable<SocketClose["fault"]>;

const TEXTS: Readonly<Record<Fault, string>> = {
  too_big: "a message is too big",
  malformed: "a frame is malformed",
};
const CODES: Readonly<Record<Fault, number>> = { too_big: TOO_BIG, malformed: BROKEN };

/** Ends the other side in the same way. */
function passOn({ code, reason }: SocketClose, other: SocketEnd): void {
  if (code === NO_FRAME) other.terminate();
  else if (code === NO_CODE) other.close();
  else other.close(code, reason);
}
