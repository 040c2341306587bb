import { createLedger } from "../../../../lib/gateway/ledger/create_ledger.ts";
import { APP_SCOPE, tokenScope } from "../../../../lib/gateway/ledger/forms/scope.ts";
import type { Ledger, LedgerReservation } from "../../../../lib/gateway/ledger/ledger.ts";
import { LedgerError } from "../../../../lib/gateway/ledger/ledger_error.ts";
import { connect, type Connection } from "./network.ts";
import type { RequestPlan } from "./plan.ts";
import type { Served } from "./provider.ts";
import type { World } from "./world.ts";

/** The limits of each token and of the app. */
export const LIMITS = {
  uses: 4,
  tokens: 3_000,
  concurrent: 2,
  bytes: 30_000,
  places: 3,
  daily: 9_000,
};

const LEAST = 16;
const MOST = 1_000;

/** An exchange in a gateway. */
export interface SimulatedExchange {
  gateway: SimulatedGateway;
  /** The birth of the store at which it began. */
  birth: number;
  reservation?: LedgerReservation;
  served?: Served;
  /** What was reserved, at most. */
  reserved: number;
  /** What is charged in the end; `undefined`: the process died before. */
  charged?: number;
  token: string;
}

/** A gateway process with the real ledger, and what stands for its handler and its delivery. */
export class SimulatedGateway {
  readonly process: Connection["process"];
  readonly owner: string;
  readonly #world: World;
  readonly #ledger: Ledger;

  constructor(world: World, connection: Connection, owner: string) {
    this.#world = world;
    this.process = connection.process;
    this.owner = owner;
    this.#ledger = createLedger({
      store: connect(connection),
      timers: connection.process.timers(),
      owner,
    });
  }

  /** Serves a request from its reservation to its end. */
  async serve(plan: RequestPlan): Promise<void> {
    const token = this.#world.tokenOf(plan);
    const bound = plan.input + 10;
    const exchange: SimulatedExchange = {
      gateway: this,
      birth: this.#world.births,
      token: token.name,
      reserved: bound + plan.multiplicity * Math.max(plan.asked, LEAST, MOST),
    };
    this.#world.exchanges.push(exchange);
    let reservation: LedgerReservation;
    try {
      reservation = await this.#reserve(plan, token, bound);
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      this.#world.refused(error.code);
      exchange.charged = 0;
      return;
    }
    exchange.reservation = reservation;
    exchange.reserved = bound + plan.multiplicity * reservation.granted!;
    await this.#deliver(plan, exchange, reservation);
  }

  #reserve(plan: RequestPlan, token: ReturnType<World["tokenOf"]>, fixed: number) {
    const scope = tokenScope("web", token.name);
    const budget = { counter: "tokens", fixed, unit: plan.multiplicity } as const;
    const { issuedAt, expiresAt } = token;
    return this.#ledger.reserve({
      app: "web",
      receipt: token.name,
      credential: { issuedAt, expiresAt },
      elastic: {
        least: LEAST,
        most: Math.max(LEAST, plan.asked || MOST),
        isAsked: plan.asked > 0,
      },
      demands: [
        { scope, counter: "uses", limit: LIMITS.uses },
        { scope, counter: "concurrent", limit: LIMITS.concurrent },
        { scope, counter: "bytes", limit: LIMITS.bytes },
        { scope, limit: LIMITS.tokens, ...budget },
        { scope: APP_SCOPE, counter: "concurrent", limit: LIMITS.places },
        { scope: APP_SCOPE, limit: LIMITS.daily, period: "day", ...budget },
      ],
    });
  }

  async #deliver(
    plan: RequestPlan,
    exchange: SimulatedExchange,
    reservation: LedgerReservation,
  ): Promise<void> {
    if (plan.end === "gone_before_fetch" || plan.end === "not_sent") {
      exchange.charged = 0;
      return reservation.release(exchange.token);
    }
    const { provider } = this.#world;
    const cap = plan.multiplicity * reservation.granted!;
    const served = provider.open(exchange.token, exchange.reserved);
    exchange.served = served;
    const bill = plan.input + Math.floor((cap * plan.output) / 100);
    // The provider goes on for a while when its connection breaks, and bills that.
    const cut = () => provider.close(served, Math.min(served.bound, bill));
    reservation.onLost(cut);
    const sent = await this.#stream(plan, exchange, reservation);
    const isWhole = sent !== undefined && plan.end !== "client_leaves";
    if (isWhole && plan.end === "upstream_error") {
      provider.close(served, 0);
      exchange.charged = 0;
      return reservation.settle({ tokens: 0, bytes: sent }, exchange.token);
    }
    cut();
    exchange.charged = isWhole ? bill : exchange.reserved;
    reservation.settle(isWhole ? { tokens: bill, bytes: sent } : {}, exchange.token);
  }

  /** Passes chunks on. Returns the bytes that were sent; `undefined` when the stream was ended. */
  async #stream(
    plan: RequestPlan,
    exchange: SimulatedExchange,
    reservation: LedgerReservation,
  ): Promise<number | undefined> {
    let sent = 0;
    for (let chunk = 0; chunk < plan.chunks; chunk++) {
      await this.process.sleep(plan.pause);
      if (plan.end === "client_leaves" && chunk === plan.chunks - 1) return undefined;
      while (reservation.allowance < sent + plan.size) {
        try {
          if ((await reservation.draw()) === 0) return undefined;
        } catch {
          return undefined;
        }
      }
      // After the wait for the block, because the process may have been stopped meanwhile.
      if (!reservation.isHeld()) return undefined;
      sent += plan.size;
      this.#world.forwarded(exchange, plan.size);
    }
    return sent;
  }
}
