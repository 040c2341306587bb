import type { CounterDemand, RateDemand } from "../../../lib/gateway/ledger/demand.ts";
import type { TestClock } from "./subject.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MOST = 9e15;

export type AmountDemand = Exclude<CounterDemand, RateDemand>;

/** An amount that a reservation holds. */
export interface Held {
  app: string;
  scope: string;
  name: string;
  kind: string;
  amount: number;
  /** In the scope of a credential: when the counter may be forgotten. */
  until?: number | undefined;
  /** The end of the period in which it was charged. */
  end?: number;
}

/** A counter, as the list of everything that was charged and is held. */
export interface Entry {
  app: string;
  scope: string;
  name: string;
  end: number;
  until: number;
  charges: { end: number; amount: number }[];
  holds: Set<Held>;
}

/** The counters of amounts of the model. */
export class ModelCounters {
  readonly #clock: TestClock;
  #entries = new Map<string, Entry>();

  constructor(clock: TestClock) {
    this.#clock = clock;
  }

  sums(app: string, demand: AmountDemand): { settled: number; reserved: number } {
    const entry = this.#find(app, demand.scope, nameOfDemand(demand));
    return { settled: settledIn(entry), reserved: reservedIn(entry) };
  }

  hold(app: string, demand: AmountDemand, amount: number, until: number | undefined): Held {
    const { scope, counter: kind } = demand;
    const isToken = scope.startsWith("t/");
    const entry = this.#find(app, scope, nameOfDemand(demand));
    if (isToken) entry.until = Math.max(entry.until, until ?? 0);
    const held = {
      app,
      scope,
      name: entry.name,
      kind,
      amount,
      until: isToken ? entry.until : undefined,
    };
    entry.holds.add(held);
    this.#store(entry);
    return held;
  }

  /** Keeps the counter of a token for longer, if there is one. */
  keep(app: string, demand: AmountDemand, until: number): void {
    const entry = this.#find(app, demand.scope, nameOfDemand(demand));
    if (!demand.scope.startsWith("t/") || entry.until >= until) return;
    this.#store({ ...entry, until });
  }

  grow(held: Held, amount: number): void {
    const entry = this.#find(held.app, held.scope, held.name);
    held.amount += amount;
    if (held.until !== undefined) {
      entry.until = Math.max(entry.until, held.until);
      held.until = entry.until;
    }
    this.#store(entry);
  }

  /** Ends what is held, and charges something for it. Returns the end of the period. */
  charge(held: Held, amount: number): number {
    const entry = this.#find(held.app, held.scope, held.name);
    entry.holds.delete(held);
    return this.#add(entry, held, amount);
  }

  /** Corrects a charge, if it was in this period and the counter is known. */
  correct(held: Held, amount: number): void {
    if (held.until !== undefined && held.until <= this.#clock.now) return;
    const entry = this.#find(held.app, held.scope, held.name);
    this.#add(entry, held, entry.end === held.end ? amount - held.amount : 0);
  }

  read(app: string, scope: string) {
    return [...this.#entries.values()]
      .filter((entry) => entry.app === app && entry.scope === scope && this.#isKnown(entry))
      .map(({ name }) => this.#find(app, scope, name))
      .map((entry) => ({
        name: entry.name,
        settled: settledIn(entry),
        reserved: reservedIn(entry),
        ...(entry.end > 0 ? { endsAt: entry.end } : {}),
      }));
  }

  reset(app: string, scopes: readonly string[]): number {
    let count = 0;
    for (const entry of [...this.#entries.values()]) {
      if (entry.app !== app || !scopes.includes(entry.scope)) continue;
      const present = this.#find(app, entry.scope, entry.name);
      if (settledIn(present) === 0) continue;
      if (reservedIn(present) === 0) this.#entries.delete(keyOf(present));
      else this.#entries.set(keyOf(present), { ...present, charges: [] });
      count++;
    }
    return count;
  }

  forget(): void {
    this.#entries = new Map();
  }

  /** Everything that it knows. */
  get state(): ReadonlyMap<string, Entry> {
    return this.#entries;
  }

  set state(entries: ReadonlyMap<string, Entry>) {
    this.#entries = new Map(entries);
  }

  ends(): number[] {
    return [...this.#entries.values()]
      .filter((entry) => reservedIn(entry) === 0)
      .map(({ until }) => until);
  }

  #add(entry: Entry, held: Held, amount: number): number {
    const before = settledIn(entry);
    const change = Math.min(MOST, Math.max(0, before + amount)) - before;
    entry.charges.push({ end: entry.end, amount: change });
    if (held.until !== undefined) entry.until = Math.max(entry.until, held.until);
    this.#store(entry);
    return entry.end;
  }

  /** Returns a counter in its present period. A change has to be stored. */
  #find(app: string, scope: string, name: string): Entry {
    const key = keyOf({ app, scope, name });
    const end = endOf(name, this.#clock.now);
    const found = this.#entries.get(key);
    if (!found || !this.#isKnown(found)) {
      return { app, scope, name, end, until: 0, charges: [], holds: new Set() };
    }
    return found.end !== 0 && found.end <= this.#clock.now ? { ...found, end } : found;
  }

  #isKnown(entry: Entry): boolean {
    return entry.until > this.#clock.now || reservedIn(entry) > 0;
  }

  #store(entry: Entry): void {
    if (!entry.scope.startsWith("t/")) {
      entry.until = entry.end === 0 ? this.#clock.now + 400 * DAY : entry.end + HOUR;
    }
    const isBlank = settledIn(entry) === 0 && reservedIn(entry) === 0;
    if (isBlank) this.#entries.delete(keyOf(entry));
    else this.#entries.set(keyOf(entry), entry);
  }
}

/** Returns the name of the counter of a demand. */
export function nameOfDemand(demand: AmountDemand): string {
  return "period" in demand && demand.period
    ? `${demand.counter}/${demand.period}`
    : demand.counter;
}

function keyOf({ app, scope, name }: { app: string; scope: string; name: string }): string {
  return `${app} ${scope} ${name}`;
}

function settledIn({ charges, end }: Entry): number {
  return charges.filter((one) => one.end === end).reduce((sum, { amount }) => sum + amount, 0);
}

function reservedIn({ holds }: Entry): number {
  return [...holds].reduce((sum, { amount }) => sum + amount, 0);
}

function endOf(name: string, now: number): number {
  const date = new Date(now);
  if (name.endsWith("/month")) date.setUTCMonth(date.getUTCMonth() + 1, 1);
  else if (!name.endsWith("/day")) return 0;
  return date.setUTCHours(name.endsWith("/day") ? 24 : 0, 0, 0, 0);
}
