import { deepStrictEqual, ok } from "node:assert/strict";
import { APP_SCOPE, type Scope, tokenScope } from "../../../../lib/gateway/ledger/forms/scope.ts";
import type { CounterReading, LedgerStore } from "../../../../lib/gateway/ledger/store.ts";
import type { Subject, SubjectKind } from "../subject.ts";
import { Events, randomOf } from "./events.ts";
import { LIMITS, type SimulatedExchange, SimulatedGateway } from "./gateway.ts";
import type { Link } from "./network.ts";
import type { FaultPlan, Plan, RequestPlan } from "./plan.ts";
import { collectReceipts, latestReceipts } from "./receipts.ts";
import { SimulatedProcess } from "./process.ts";
import { Provider } from "./provider.ts";

const DAY = 86_400_000;
const MIDNIGHT = Date.UTC(2027, 1, 1);

// Before the margin between what a process holds and what the store keeps is used up.
const MOST_AHEAD = 5_000;

// By then all faults are over. After that, no exchange takes longer than its chunks: 8, with 40 s between them.
const FAULTS_OVER = 300_000;
const REST = FAULTS_OVER + 400_000;

/** Three gateways, a store, a network between them and a provider. */
export class World {
  readonly events = new Events();
  readonly provider = new Provider();
  readonly exchanges: SimulatedExchange[] = [];
  /** How often each refusal was given. */
  readonly refusals = new Map<string, number>();
  births = 0;
  readonly #plan: Plan;
  readonly #random: () => number;
  readonly #links: Link[] = [];
  readonly #gateways: SimulatedGateway[] = [];
  readonly #owners: string[] = [];
  readonly #bytes = new Map<string, number>();
  readonly #bornAt: number[] = [];
  readonly #failures: unknown[] = [];
  /** The tokens of exchanges that forwarded something since the last check. */
  #mayHavePlace: string[] = [];
  #clockOffset = 0;
  readonly #kind: SubjectKind;
  readonly #subject: Subject;

  constructor(plan: Plan, kind: SubjectKind) {
    this.#plan = plan;
    this.#kind = kind;
    this.#random = randomOf(plan.seed);
    const now = () => this.#now();
    this.#subject = kind.start({
      get now() {
        return now();
      },
    });
    this.#bear();
    for (let slot = 0; slot < 3; slot++) {
      this.#links.push({ isCut: false });
      this.#start(slot);
    }
    for (const request of plan.requests) {
      // Tokens from before the birth of the ledger are refused, and it was born just now.
      this.events.after(5_000 + request.at, () => this.#serve(request));
    }
    for (const fault of plan.faults) this.events.after(5_000 + fault.at, () => this.#fail(fault));
  }

  /** Runs the plan, and then lets everything come to rest. */
  async run(): Promise<void> {
    await this.events.runUntil(FAULTS_OVER, () => this.#check());
    for (const link of this.#links) link.isCut = false;
    for (const { process } of this.#gateways) process.continue();
    await this.events.runUntil(REST, () => this.#check());
    for (const owner of this.#owners) {
      await this.#store.run({ kind: "sweep", app: "web", owner });
    }
    await this.#checkRest();
    await this.#subject.check?.();
    this.#subject.close();
  }

  /** Returns the token of a request. Each birth has tokens of its own, and old ones are tried again. */
  tokenOf({ token, isOld }: RequestPlan): { name: string; issuedAt: number; expiresAt: number } {
    const birth = Math.max(0, this.births - 1 - Number(isOld));
    const issuedAt = this.#bornAt[birth]! + 2_001;
    return { name: `${token} of ${birth}`, issuedAt, expiresAt: issuedAt + DAY };
  }

  refused(code: string): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }

  /** A chunk went to the client. */
  forwarded(exchange: SimulatedExchange, bytes: number): void {
    const { token, birth, reservation } = exchange;
    const sum = (this.#bytes.get(token) ?? 0) + bytes;
    this.#bytes.set(token, sum);
    ok(sum <= LIMITS.bytes, `${sum} bytes were forwarded for token ${token}`);
    ok(reservation!.isHeld());
    if (birth === this.births) this.#mayHavePlace.push(token);
  }

  #now(): number {
    const { beforeMidnight } = this.#plan;
    return MIDNIGHT - beforeMidnight + Math.floor(this.events.now) + this.#clockOffset;
  }

  get #store(): LedgerStore {
    return this.#subject.store;
  }

  #bear(): void {
    this.births++;
    this.#bornAt.push(this.#now());
  }

  #restart(): void {
    const ways = this.#kind.restarts.filter((how) => how === "forget" || how === "renew");
    this.#subject.restart(ways[Math.floor(this.#random() * ways.length)]!);
    this.#bear();
  }

  #start(slot: number): void {
    const process = new SimulatedProcess(this.events, this.#random);
    const owner = `gateway ${slot}, process ${this.#owners.length}`;
    const { loss, late } = this.#plan;
    this.#owners.push(owner);
    this.#gateways[slot] = new SimulatedGateway(
      this,
      {
        events: this.events,
        random: this.#random,
        weather: { loss, late },
        process,
        link: this.#links[slot]!,
        store: () => this.#store,
      },
      owner,
    );
  }

  #serve(request: RequestPlan): void {
    const gateway = this.#gateways[request.gateway]!;
    gateway.process.after(0, () => {
      gateway.serve(request).catch((error: unknown) => this.#failures.push(error));
    });
  }

  #fail({ kind, gateway: slot, ms }: FaultPlan): void {
    const gateway = this.#gateways[slot]!;
    if (kind === "birth") this.#restart();
    if (kind === "clock") {
      this.#clockOffset = Math.min(MOST_AHEAD, this.#clockOffset + (ms % 10_000) - 5_000);
    }
    if (kind === "cut") {
      this.#links[slot]!.isCut = true;
      this.events.after(ms, () => void (this.#links[slot]!.isCut = false));
    }
    if (kind === "stop") {
      gateway.process.stop();
      this.events.after(ms, () => gateway.process.continue());
    }
    if (kind === "kill") this.#kill(gateway, slot);
  }

  #kill(gateway: SimulatedGateway, slot: number): void {
    gateway.process.kill();
    for (const { gateway: own, served } of this.exchanges) {
      if (own === gateway && served)
        this.provider.close(served, Math.floor(this.#random() * served.bound));
    }
    this.#start(slot);
  }

  async #amounts(scope: Scope) {
    const readings = await this.#store.run({ kind: "read", app: "web", scopes: [scope] });
    return amountsOf(readings.flat());
  }

  /** What is open at the provider. The sockets of a stopped process are open until it has gone on. */
  #openOf(token: string): number {
    return this.exchanges.filter(
      (exchange) =>
        exchange.token === token &&
        exchange.served?.isOpen === true &&
        exchange.gateway.process.isAwake,
    ).length;
  }

  async #check(): Promise<void> {
    for (const failure of this.#failures) throw failure;
    let places = 0;
    for (const token of this.provider.tokens()) {
      const bill = this.provider.worstBill(token);
      ok(bill <= LIMITS.tokens, `the bill of token ${token} may become ${bill}`);
      const uses = this.provider.of(token).length;
      ok(uses <= LIMITS.uses, `token ${token} was used ${uses} times`);
      const open = this.#openOf(token);
      ok(open <= LIMITS.concurrent, `token ${token} has ${open} exchanges open`);
      if (token.endsWith(` of ${this.births - 1}`)) places += open;
    }
    ok(places <= LIMITS.places, `the app has ${places} exchanges open`);
    await this.#checkPlaces();
    const daily = (await this.#amounts(APP_SCOPE)).get("tokens/day");
    if (daily) ok(daily.settled + daily.reserved <= LIMITS.daily, "the day's budget is exceeded");
  }

  async #checkPlaces(): Promise<void> {
    for (const token of new Set(this.#mayHavePlace.splice(0))) {
      const amounts = await this.#amounts(tokenScope("web", token));
      const places = amounts.get("concurrent")?.reserved ?? 0;
      ok(places >= this.#openOf(token), "a byte was forwarded without a place");
    }
  }

  async #checkRest(): Promise<void> {
    const receipts = latestReceipts(await collectReceipts(this.#store, "web"));
    for (const token of this.provider.tokens()) {
      if (!token.endsWith(` of ${this.births - 1}`)) continue;
      const amounts = await this.#amounts(tokenScope("web", token));
      const reserved = [...amounts.values()].map((amount) => amount.reserved);
      deepStrictEqual(new Set(reserved), new Set(reserved.length > 0 ? [0] : []));
      const own = this.exchanges.filter((exchange) => exchange.token === token);
      const sum = (of: (exchange: SimulatedExchange) => number) =>
        own.reduce((total, exchange) => total + of(exchange), 0);
      const settled = amounts.get("tokens")?.settled ?? 0;
      const [least, most] = [
        sum(({ charged = 0 }) => charged),
        // A report that was not confirmed when the process died is replaced by the whole reservation.
        sum(({ charged, reserved, gateway }) =>
          gateway.process.isDead ? reserved : (charged ?? reserved),
        ),
      ];
      ok(settled >= this.provider.worstBill(token), "less was charged than billed");
      ok(settled >= least && settled <= most, `${settled} of ${least} to ${most} was charged`);
      const told = receipts.get(token) ?? [];
      const inReceipts = told.reduce((total, { charged }) => total + (charged.tokens ?? 0), 0);
      ok(inReceipts === settled, `receipts tell of ${inReceipts}, and ${settled} was charged`);
      const served = own.filter(({ served: it }) => it).length;
      ok(told.length >= served, `${told.length} of ${served} exchanges have receipts`);
    }
  }
}

function amountsOf(readings: readonly CounterReading[]) {
  const amounts = readings.filter((reading) => "settled" in reading);
  return new Map(amounts.map((amount) => [amount.name, amount]));
}
