import type { CheckedMessage, ResponseReport, SocketGuard } from "../../model/socket_guard.ts";
import { GatewayError } from "../../problem/gateway_error.ts";
import { type ProblemCode, PROBLEMS } from "../../problem/problems.ts";
import { PolicyError } from "../../problem/policy_error.ts";
import type { SocketEnd } from "../../socket_end.ts";
import type { HeldResponse, ReserveResponse } from "../../held_response.ts";

/** The parts of a guarded uplink. */
export interface UplinkOptions {
  guard: SocketGuard;
  client: SocketEnd;
  /** Reserves a response. Absent: nothing is counted. */
  reserve?: ReserveResponse | undefined;
  /** Passes a message on. */
  forward: (message: string | Uint8Array, size: number) => void;
  /** Whether the upstream has no room, so that the client has to wait anyway. */
  isFull: () => boolean;
  /** Ends the tunnel. */
  end: (error: GatewayError) => void;
}

const encoder = new TextEncoder();

/** Checks the messages of a client one after the other, and reserves the responses that they ask for. */
export class GuardedUplink {
  readonly #options: UplinkOptions;
  /** The messages that arrived while a response is reserved or the client does not read a reply. Absent: neither. */
  #waiting: (string | Uint8Array)[] | undefined;
  /** The reservation of the open response. */
  #open: HeldResponse | undefined;
  #isUnread = false;
  #hasEnded = false;

  /** @param options the guard, the client, and what is called */
  constructor(options: UplinkOptions) {
    this.#options = options;
  }

  /** Takes a message of the client. */
  push(message: string | Uint8Array): void {
    if (this.#waiting) {
      // Room at the upstream may have made the client's messages flow again.
      this.#options.client.pause();
      this.#waiting.push(typeof message === "string" ? message : message.slice());
      return;
    }
    const { guard } = this.#options;
    let checked: CheckedMessage;
    try {
      checked = guard.check(message);
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      return this.#endWith(error, error.detail, error.param);
    }
    this.#pass(checked);
  }

  /** Reads a text message of the upstream. */
  read(message: string): void {
    if (this.#hasEnded) return;
    const { guard, end } = this.#options;
    let report: ResponseReport | undefined;
    try {
      report = guard.read(message);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return end(error);
    }
    if (report) this.#settle(report);
  }

  /** Returns the text for the client in place of a text message of the upstream; `undefined`: none. */
  show(message: string): string | undefined {
    return this.#options.guard.show(message);
  }

  /** The client has read what it was told. */
  drained(): void {
    if (!this.#isUnread) return;
    this.#isUnread = false;
    this.#goOn();
  }

  /** The tunnel has ended. A response that is open is charged as it was reserved. */
  stop(): void {
    this.#hasEnded = true;
    this.#settle({});
  }

  #settle({ usage, ...report }: ResponseReport): void {
    if (!this.#open) return;
    const { reservation, receipt } = this.#open;
    this.#open = undefined;
    reservation.settle(report, receipt?.({ usage, cost: report.cost }));
  }

  #pass({ message, reply, response }: CheckedMessage): void {
    const { client, reserve } = this.#options;
    if (reply !== undefined && !client.send(reply)) {
      this.#isUnread = true;
      this.#hold();
    }
    if (message !== undefined) this.#forward(message);
    if (!response) return;
    if (!reserve) return this.#forward(response.withCap(response.bound.elastic?.most ?? 1));
    this.#hold();
    void this.#reserve(response, reserve);
  }

  #hold(): void {
    this.#waiting = [];
    this.#options.client.pause();
  }

  #goOn(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    if (!this.#options.isFull()) this.#options.client.resume();
    for (const message of waiting) {
      if (this.#hasEnded) return;
      this.push(message);
    }
  }

  async #reserve(
    { bound, withCap }: NonNullable<CheckedMessage["response"]>,
    reserve: ReserveResponse,
  ): Promise<void> {
    try {
      const held = await reserve(bound);
      const { reservation } = held;
      // It may have ended meanwhile, and then nothing was sent.
      if (this.#hasEnded) return reservation.release();
      this.#open = held;
      this.#forward(withCap(reservation.granted ?? bound.elastic?.most ?? 1));
    } catch (error) {
      if (this.#hasEnded) return;
      const refusal = error instanceof GatewayError ? error : new GatewayError("internal_error");
      return this.#endWith(refusal, PROBLEMS[refusal.code as ProblemCode].detail);
    }
    this.#goOn();
  }

  #endWith(error: GatewayError, detail: string, param?: string): void {
    const { client, guard, end } = this.#options;
    const text = guard.explain({ code: error.code, detail, param });
    if (text !== undefined) client.send(text);
    end(error);
  }

  #forward(message: string | Uint8Array): void {
    const size = typeof message === "string" ? encoder.encode(message).length : message.length;
    this.#options.forward(message, size);
  }
}
