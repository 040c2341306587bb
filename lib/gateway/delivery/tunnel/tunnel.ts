import { GatewayError } from "../../problem/gateway_error.ts";
import { NO_CODE, NO_FRAME, type SocketClose, type SocketEnd } from "../../socket_end.ts";
import { watchForStall } from "../../time/stall_watch.ts";
import { outcomeOfEnd } from "../abandon.ts";
import type { Transfer } from "../transfer.ts";
import { closeCodeOf, GOING_AWAY } from "./close_codes.ts";
import {
  type Ending,
  endingByClient,
  endingByUpstream,
  endingUnread,
  type FirstClose,
} from "./endings.ts";
import { GuardedUplink } from "./guarded_uplink.ts";
import { createKeepalive, type Keepalive } from "./keepalive.ts";
import { MessageMeter } from "./message_meter.ts";
import { MessagePipe, type PipeOptions } from "./message_pipe.ts";
import { patienceOf, whenRead } from "./when_read.ts";

/** The two ends of a tunnel. */
export interface TunnelEnds {
  client: SocketEnd;
  upstream: SocketEnd;
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
  /** One end has closed. The other one still gets what was sent before. */
  #first: FirstClose | undefined;
  #stopWaiting = () => {};
  #hasEnded = false;

  /**
   * @param transfer its limits, and the exchange that records it
   * @param ends the two ends, of which nothing was read yet
   */
  constructor(transfer: Transfer, ends: TunnelEnds) {
    const { options, reservation } = transfer;
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
    const seconds = idleTimeoutOf(transfer);
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
        if (this.#hasEnded || this.#first) return;
        if (this.#uplink) this.#uplink.push(message);
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
        if (this.#first) return;
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
    this.#finish({ outcome, code: this.#first?.by === "client" ? this.#first.code : code });
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
    if (this.#isSecond("client")) {
      this.#finish(endingByClient(this.#transfer, close));
      // It may be only silent.
      if (close.code === NO_FRAME) this.#ends.client.terminate();
    }
    if (this.#first || this.#hasEnded) return;
    this.#first = { ...close, by: "client" };
    this.#up.whenIdle(() => {
      if (this.#hasEnded) return;
      const { client, upstream } = this.#ends;
      const ending = endingByClient(this.#transfer, close);
      if (!close.fault && close.code !== NO_FRAME) return this.#passOn(close, upstream, ending);
      // Before the ends: they tell of their own end at once.
      this.#finish(ending);
      upstream.terminate();
      // It may be only silent.
      client.terminate();
    });
  }

  #closedByUpstream(close: SocketClose): void {
    if (this.#isSecond("upstream")) {
      const outcome = close.code === NO_FRAME ? "upstream_truncated" : "complete";
      this.#finish({ outcome, code: this.#first!.code });
    }
    if (this.#first || this.#hasEnded) return;
    this.#first = { ...close, by: "upstream" };
    // Nothing is reserved or sent any more.
    this.#uplink?.stop();
    this.#down.whenIdle(() => {
      if (this.#hasEnded) return;
      const { client } = this.#ends;
      const ending = endingByUpstream(this.#transfer, close);
      if (ending.code !== NO_FRAME) return this.#passOn(ending, client, ending);
      this.#finish(ending);
      client.terminate();
    });
  }

  /** Whether an end closes while it still gets what was sent before the other one closed. */
  #isSecond(by: keyof TunnelEnds): boolean {
    return !this.#hasEnded && this.#first !== undefined && this.#first.by !== by;
  }

  /** Ends the other side in the same way, once it has read what was sent before. */
  #passOn(
    { code, reason }: Pick<SocketClose, "code" | "reason">,
    other: SocketEnd,
    ending: Ending,
  ): void {
    const { timers } = this.#transfer.options;
    // Its progress decides now, and it may have to send before it reads.
    this.#idle.stop();
    this.#keepalive.stop();
    other.resume();
    // For a client the runtime writes when a third of the kernel's buffer is free, or when something else is sent.
    const nudge = other === this.#ends.client ? () => other.ping() : undefined;
    const patience = patienceOf(idleTimeoutOf(this.#transfer));
    this.#stopWaiting = whenRead(other, { timers, patience, nudge }, (isRead) => {
      this.#finish(isRead ? ending : endingUnread(this.#transfer, this.#first!));
      if (!isRead) other.terminate();
      else if (code === NO_CODE) other.close();
      else other.close(code, reason);
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
    this.#stopWaiting();
    this.#uplink?.stop();
    const { exchange } = this.#transfer;
    const { in: messagesIn, out: messagesOut } = this.#messages;
    exchange.socketClosed({ messagesIn, messagesOut, closeCode: code });
    exchange.end(outcome);
    this.#ends.client.released?.();
  }
}

function idleTimeoutOf({ admission, options }: Transfer): number {
  return admission.target.rule.idleTimeout ?? options.idleTimeout;
}
