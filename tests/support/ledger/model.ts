import type {
  DrawOperation,
  Operation,
  ReleaseOperation,
  SettleOperation,
} from "../../../lib/gateway/ledger/store.ts";
import { type Held, ModelCounters } from "./model_counters.ts";
import { chargeOf } from "./model_charge.ts";
import { ModelBirths } from "./model_births.ts";
import { ModelReceipts } from "./model_receipts.ts";
import { ModelRates } from "./model_rates.ts";
import { blockIn, freeIn, reserveIn } from "./model_reserve.ts";
import type { Restart, TestClock } from "./subject.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A reservation that is open, or was swept. */
export interface Entry {
  app: string;
  owner: string;
  held: Held[];
  /** What its receipt says if its owner ends. Absent: it has none. */
  receipt?: string | undefined;
  /** Absent: it is open. */
  sweptUntil?: number;
}

/** Everything that the model knows. */
type ModelState = readonly [
  entries: Map<string, Entry>,
  marks: Map<string, number>,
  leases: Map<string, number>,
  births: ModelBirths["state"],
  counters: ModelCounters["state"],
  rates: ModelRates["state"],
  receipts: ModelReceipts["state"],
];

/**
 * What a ledger does, written a second time and in another way: it keeps every charge, and adds them up whenever
 * it is asked. It shares no code with the product.
 */
export class Model {
  readonly counters: ModelCounters;
  readonly rates: ModelRates;
  entries = new Map<string, Entry>();
  marks = new Map<string, number>();
  leases = new Map<string, number>();
  readonly #clock: TestClock;
  readonly births: ModelBirths;
  readonly receipts: ModelReceipts;
  #saved: ModelState | undefined;

  constructor(clock: TestClock) {
    this.#clock = clock;
    this.births = new ModelBirths(clock);
    this.counters = new ModelCounters(clock);
    this.rates = new ModelRates(clock);
    this.receipts = new ModelReceipts(clock);
  }

  run(operation: Operation): unknown {
    switch (operation.kind) {
      case "reserve":
        return reserveIn(this, operation, this.#clock.now);
      case "settle":
        return this.#settle(operation);
      case "release":
        return this.#release(operation);
      case "draw":
        return this.#draw(operation);
      case "beat":
        return this.#beat(operation.app, operation.owner);
      case "sweep":
        return this.#sweep(operation.app, operation.owner, operation.isDead === true);
      case "read":
        return operation.scopes.map((scope) => this.#read(operation.app, scope));
      case "reset":
        return { count: this.counters.reset(operation.app, operation.scopes) };
      case "collect":
        return this.receipts.collect(operation);
    }
  }

  restart(how: Restart): void {
    if (how === "replicate") return void (this.#saved = structuredClone(this.#state));
    if (how === "lose") this.#state = this.#saved;
    this.births.restart(how);
    // The processes go on, and their reservations are open.
    if (how === "lose" || how === "renew") return;
    if (how === "forget") {
      this.counters.forget();
      this.rates.forget();
      this.entries.clear();
      this.marks.clear();
      this.receipts.forget();
    }
    for (const [id, { sweptUntil }] of this.entries) if (!sweptUntil) this.#charge(id);
    this.leases.clear();
    this.receipts.reopen();
  }

  get #state(): ModelState {
    const { entries, marks, leases, births, counters, rates, receipts } = this;
    return [entries, marks, leases, births.state, counters.state, rates.state, receipts.state];
  }

  /** `undefined`: nothing was ever saved. */
  set #state(saved: ModelState | undefined) {
    const state = structuredClone(saved);
    this.entries = state?.[0] ?? new Map();
    this.marks = state?.[1] ?? new Map();
    this.leases = state?.[2] ?? new Map();
    this.births.state = state?.[3] ?? new Map();
    this.counters.state = state?.[4] ?? new Map();
    this.rates.state = state?.[5] ?? new Map();
    this.receipts.state = state?.[6] ?? new Map();
  }

  /** Whether a clock that was set back leaves it open what is forgotten. */
  isAmbiguous(highest: number): boolean {
    const { now } = this.#clock;
    const ends = [...this.marks.values(), ...this.counters.ends(), ...this.rates.ends()];
    for (const { sweptUntil = 0 } of this.entries.values()) ends.push(sweptUntil);
    return ends.some((end) => end > now && end <= highest);
  }

  /** The amounts that open reservations hold, by counter. */
  open(): Map<string, number> {
    const sums = new Map<string, number>();
    for (const { app, held, sweptUntil } of this.entries.values()) {
      if (sweptUntil) continue;
      for (const { scope, name, amount } of held) {
        const key = `${app} ${scope} ${name}`;
        sums.set(key, (sums.get(key) ?? 0) + amount);
      }
    }
    return sums;
  }

  expired(app: string): string[] {
    const { now } = this.#clock;
    const ended = [...this.leases].filter(([key, end]) => key.startsWith(`${app} `) && end <= now);
    return ended.map(([key]) => key.slice(app.length + 1));
  }

  #read(app: string, scope: string) {
    const readings = [...this.counters.read(app, scope), ...this.rates.read(app, scope)];
    return readings.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  #settle({ id, report, receipt }: SettleOperation): unknown {
    const entry = this.known(id);
    if (!entry) return { was: "unknown" };
    const over: Record<string, number> = {};
    for (const held of entry.held) {
      const charge = chargeOf(held, report);
      const excess = charge - held.amount;
      if (excess > (over[held.kind] ?? 0)) over[held.kind] = excess;
      if (entry.sweptUntil) this.counters.correct(held, charge);
      else this.counters.charge(held, charge);
    }
    this.receipts.ended(entry, { id, report, receipt, end: "settled" });
    this.#remove(id);
    const was = entry.sweptUntil ? "swept" : "open";
    return Object.keys(over).length > 0 ? { was, overrun: over } : { was };
  }

  #release({ id, receipt }: ReleaseOperation): unknown {
    const entry = this.known(id);
    for (const held of entry?.held ?? []) {
      if (entry!.sweptUntil) this.counters.correct(held, 0);
      else this.counters.charge(held, 0);
    }
    if (entry) this.receipts.ended(entry, { id, receipt, end: "released" });
    this.#remove(id);
    if (!entry || entry.sweptUntil) this.marks.set(id, this.#clock.now + 15 * MINUTE);
    return { was: !entry ? "unknown" : entry.sweptUntil ? "swept" : "open" };
  }

  #draw({ app, id, demands }: DrawOperation): unknown {
    const entry = this.known(id);
    if (!entry || entry.sweptUntil) return { bytes: 0, left: 0, isOpen: false };
    const bytes = blockIn(this, app, demands) ?? 0;
    const free = Math.min(...demands.map((demand) => freeIn(this, app, demand)));
    const drawn = entry.held.filter(
      ({ kind, scope }) => kind === "bytes" && demands.some((demand) => demand.scope === scope),
    );
    if (bytes > 0) for (const held of drawn) this.counters.grow(held, bytes);
    return { bytes, left: Math.max(0, free - bytes), isOpen: true };
  }

  #beat(app: string, owner: string): unknown {
    this.births.touch(app);
    const key = `${app} ${owner}`;
    if (this.leases.has(key)) this.leases.set(key, this.#clock.now + 45 * SECOND);
    return { expired: this.expired(app) };
  }

  #sweep(app: string, owner: string, isDead: boolean): unknown {
    const end = this.leases.get(`${app} ${owner}`);
    if (end === undefined || (!isDead && end > this.#clock.now))
      return { count: 0, hasMore: false };
    const ids = [...this.entries].filter(
      ([, entry]) => entry.app === app && entry.owner === owner && !entry.sweptUntil,
    );
    for (const [id] of ids.slice(0, 100)) this.#charge(id);
    return { count: Math.min(100, ids.length), hasMore: ids.length > 100 };
  }

  #charge(id: string): void {
    const entry = this.entries.get(id)!;
    this.receipts.ended(entry, { id, report: {}, receipt: undefined, end: "swept" });
    for (const held of entry.held) {
      held.end = this.counters.charge(held, held.kind === "concurrent" ? 0 : held.amount);
    }
    entry.held = entry.held.filter(({ kind }) => kind !== "concurrent");
    entry.sweptUntil = this.#clock.now + HOUR;
    this.#endLease(entry);
  }

  /** A reservation that is open, or was swept within the hour. */
  known(id: string): Entry | undefined {
    const entry = this.entries.get(id);
    return entry && (entry.sweptUntil ?? Infinity) > this.#clock.now ? entry : undefined;
  }

  #remove(id: string): void {
    const entry = this.entries.get(id);
    this.entries.delete(id);
    if (entry) this.#endLease(entry);
  }

  #endLease({ app, owner }: Entry): void {
    const others = [...this.entries.values()].filter((entry) => !entry.sweptUntil);
    if (others.some((entry) => entry.app === app && entry.owner === owner)) return;
    this.leases.delete(`${app} ${owner}`);
  }
}
