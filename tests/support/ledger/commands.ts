import fc from "fast-check";
import type { CounterDemand } from "../../../lib/gateway/ledger/demand.ts";
import {
  APP_SCOPE,
  ruleScope,
  subjectScope,
  tokenScope,
} from "../../../lib/gateway/ledger/forms/scope.ts";
import type { Elastic } from "../../../lib/gateway/ledger/demand.ts";
import type { Restart } from "./subject.ts";

/** What a request carries. Numbers choose among the few apps, processes and tokens of a list. */
export interface Wish {
  app: number;
  owner: number;
  token: number;
  /** Whether the token is from before the last birth of the store. */
  isOld: boolean;
  /** Milliseconds from the token's first use until its `exp`. */
  lifetime: number;
  demands: readonly CounterDemand[];
  elastic?: Elastic | undefined;
  /** Whether the exchange has a receipt. */
  hasReceipt: boolean;
}

/** A step of a list. `which` chooses among the reservations so far, so that a list can be shrunk. */
export type Command =
  | { kind: "reserve"; wish: Wish }
  | { kind: "announce"; wish: Wish }
  | { kind: "arrive"; which: number }
  | { kind: "settle"; which: number; percent: number; says: boolean }
  | { kind: "release"; which: number; says: boolean }
  | { kind: "collect"; app: number; sender: number; confirms: boolean; isLast: boolean }
  | { kind: "draw"; which: number }
  | { kind: "beat"; app: number; owner: number }
  | { kind: "sweep"; app: number; owner: number; isDead: boolean }
  | { kind: "reset"; app: number; subject: number }
  | { kind: "clock"; ms: number }
  | { kind: "midnight"; ms: number }
  | { kind: "restart"; how: Restart };

const TOKENS = 4;
const SUBJECTS = 2;

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

const few = <T>(common: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 7, arbitrary: common }, { weight: 1, arbitrary: rare });

const small = few(fc.integer({ min: 1, max: 5 }), fc.constant(0));
const budget = few(fc.integer({ min: 500, max: 40_000 }), fc.nat(100));
const rate = fc.record({
  count: fc.integer({ min: 1, max: 70 }),
  period: fc.constantFrom("s", "min", "h"),
  burst: fc.integer({ min: 1, max: 3 }),
});

function demandsOf(subject: number): fc.Arbitrary<CounterDemand[]> {
  const [t, u] = [tokenScope("web", "to be named"), subjectScope(`user ${subject}`)];
  const fixed = few(fc.nat(100), fc.nat(2_000));
  const unit = fc.nat(4);
  const count = (scope: typeof t, counter: "uses" | "concurrent") =>
    small.map((limit): CounterDemand => ({ scope, counter, limit }));
  const amount = (scope: typeof t, counter: "tokens" | "cost", period?: "day" | "month") =>
    fc
      .record({ limit: budget, fixed, unit })
      .map((rest): CounterDemand => ({ scope, counter, ...(period && { period }), ...rest }));
  const bytes = (scope: typeof t) =>
    fc.nat(40_000).map((limit): CounterDemand => ({ scope, counter: "bytes", limit }));
  const flow = (scope: typeof t) =>
    rate.map((limit): CounterDemand => ({ scope, counter: "rate", limit }));
  const all = [
    ...[count(t, "uses"), count(t, "concurrent"), amount(t, "tokens"), amount(t, "cost"), bytes(t)],
    ...[flow(u), amount(u, "tokens", "day"), amount(u, "cost"), bytes(ruleScope("https://a/"))],
    ...[count(APP_SCOPE, "concurrent"), amount(APP_SCOPE, "tokens", "month"), flow(APP_SCOPE)],
    amount(APP_SCOPE, "tokens"),
  ];
  const maybe = all.map((one) =>
    fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: one }),
  );
  return fc.tuple(...maybe).map((list) => list.filter((one) => one !== undefined));
}

const elastic = fc
  .record({ least: fc.nat(40), more: fc.nat(30_000), isAsked: fc.boolean() })
  .map(({ least, more, isAsked }): Elastic => ({ least, most: least + more, isAsked }));

const wish: fc.Arbitrary<Wish> = fc
  .tuple(fc.nat(TOKENS - 1), fc.nat(SUBJECTS - 1))
  .chain(([token, subject]) =>
    fc.record({
      app: fc.constantFrom(0, 0, 0, 1),
      owner: fc.nat(2),
      token: fc.constant(token),
      isOld: few(fc.constant(false), fc.constant(true)),
      lifetime: fc.constantFrom(20 * SECOND, HOUR, 2 * DAY, 40 * DAY, 40 * DAY),
      demands: demandsOf(subject),
      elastic: fc.option(elastic, { nil: undefined }),
      hasReceipt: fc.boolean(),
    }),
  );

const which = fc.nat(12);
const app = fc.constantFrom(0, 0, 0, 1);
const owner = fc.nat(2);

const step = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 3 * SECOND }) },
  { weight: 6, arbitrary: fc.constantFrom(10 * SECOND, 30 * SECOND, 45 * SECOND, 600 * SECOND) },
  { weight: 2, arbitrary: fc.constantFrom(HOUR, 13 * HOUR, DAY, 31 * DAY) },
  { weight: 2, arbitrary: fc.constantFrom(-SECOND, -60 * SECOND, -600 * SECOND) },
);

/** A step of a list, with those ways of starting again. */
function commandOf(restarts: readonly Restart[]): fc.Arbitrary<Command> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.record({ kind: fc.constant("reserve"), wish }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("announce"), wish }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("arrive"), which }) },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("settle"),
        which,
        percent: fc.constantFrom(-1, 0, 50, 100, 100, 130),
        says: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("release"), which, says: fc.boolean() }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("collect"),
        app,
        sender: fc.nat(1),
        confirms: few(fc.constant(true), fc.constant(false)),
        isLast: few(fc.constant(false), fc.constant(true)),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("draw"), which }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("beat"), app, owner }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("sweep"), app, owner, isDead: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("reset"), app, subject: fc.nat(1) }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("clock"), ms: step }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("midnight"), ms: fc.integer({ min: -5, max: 5 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("restart"), how: fc.constantFrom(...restarts) }),
    },
  );
}

/** Turns of the event loop, each of which has one command or a few at once. */
export function turnsOf(restarts: readonly Restart[]): fc.Arbitrary<Command[][]> {
  const turn = fc.array(commandOf(restarts), { minLength: 1, maxLength: 4 });
  return fc.array(turn, { minLength: 1, maxLength: 25 });
}
