import { ok } from "node:assert/strict";
import {
  APP_SCOPE,
  isCredentialScope,
  ruleScope,
  type Scope,
  subjectScope,
  tokenScope,
} from "../../../lib/gateway/ledger/forms/scope.ts";
import type { CredentialTimes, Operation } from "../../../lib/gateway/ledger/store.ts";
import type { Command, Wish } from "./commands.ts";
import { Collectors } from "./collectors.ts";
import { Checks } from "./checks.ts";
import { assertEqual, inOrder } from "./equal_results.ts";
import { Model } from "./model.ts";
import { operationOn } from "./operation_on.ts";
import type { Subject, SubjectKind, TestClock } from "./subject.ts";

const START = Date.UTC(2027, 0, 31, 23, 30);

const SCOPES: readonly Scope[] = [
  ...[subjectScope("user 0"), subjectScope("user 1"), ruleScope("https://a/"), APP_SCOPE],
];

type Reservation = Extract<Operation, { kind: "reserve" }>;

/** A list of turns on its way through a store and the model. */
class Run {
  readonly clock: TestClock = { now: START };
  readonly model: Model;
  readonly checks: Checks;
  readonly subject: Subject;
  highest = START;
  #births = 0;
  readonly #scopes = new Set<Scope>(SCOPES);
  readonly #reservations: Reservation[] = [];
  readonly #issuedAt = new Map<string, number>();
  readonly #firstExpiry = new Map<string, number>();
  readonly #seen = new Set<string>();
  readonly #collectors = new Collectors();

  constructor(kind: SubjectKind) {
    this.subject = kind.start(this.clock);
    this.model = new Model(this.clock);
    this.checks = new Checks(this.clock);
    this.advance(10_000);
  }

  advance(ms: number): void {
    this.clock.now += ms;
    this.checks.advance(ms);
    this.highest = Math.max(this.highest, this.clock.now);
  }

  /**
   * Executes the operations of a turn at once, in the store and in the model.
   *
   * @returns whether the list can go on: a clock that was set back may leave it open what is forgotten
   */
  async turn(commands: readonly Command[]): Promise<boolean> {
    const wanted = commands.flatMap((command) => this.#operationOf(command) ?? []);
    const operations = wanted.map((one) => (one.kind === "reserve" ? this.#arrive(one) : one));
    if (this.model.isAmbiguous(this.highest)) return false;
    const expected = operations.map((operation) => this.model.run(operation));
    const results = await Promise.all(
      operations.map((operation) => this.subject.store.run(operation)),
    );
    assertEqual(results.map(inOrder), expected.map(inOrder));
    for (const [index, operation] of operations.entries()) {
      if (operation.kind === "reserve") {
        if (isCounted(results[index])) this.#seen.add(operation.id);
        this.checks.reserved(operation, results[index]);
      }
      this.#collectors.collected(operation, results[index]);
      if (operation.kind === "release") this.checks.released(operation.id, results[index]);
    }
    await this.compare();
    return true;
  }

  /** Compares all counters, and holds them against what is open. */
  async compare(): Promise<void> {
    for (const app of ["app 0", "app 1"]) {
      const scopes = [...this.#scopes];
      const operation: Operation = { kind: "read", app, scopes };
      const readings = await this.subject.store.run(operation);
      assertEqual(readings, this.model.run(operation));
      const reserved = new Map<string, number>();
      for (const [index, counters] of readings.entries()) {
        for (const counter of counters) {
          if (!("reserved" in counter) || counter.reserved === 0) continue;
          ok(counter.reserved > 0, `${counter.name} has a negative amount`);
          reserved.set(`${app} ${scopes[index]} ${counter.name}`, counter.reserved);
        }
      }
      const open = [...this.model.open()].filter(([key, sum]) => key.startsWith(app) && sum > 0);
      assertEqual(reserved, new Map(open.toSorted(byKey(reserved))));
    }
  }

  /** Lets all leases end, and sweeps. Then nothing may be reserved. */
  async rest(): Promise<void> {
    this.advance(this.highest - this.clock.now + 46_000);
    for (const app of [0, 1]) {
      for (const owner of [0, 1, 2])
        await this.turn([{ kind: "sweep", app, owner, isDead: false }]);
    }
    assertEqual(this.model.open(), new Map());
    // Everything is forgotten in the end.
    this.advance(500 * 86_400_000);
    for (const app of ["app 0", "app 1"]) {
      const readings = await this.subject.store.run({
        kind: "read",
        app,
        scopes: [...this.#scopes],
      });
      assertEqual(readings.flat(), []);
    }
  }

  #operationOf(command: Command): Operation | undefined {
    switch (command.kind) {
      case "reserve":
        return this.#reserve(command.wish);
      case "announce": {
        const { app, owner, id } = this.#reserve(command.wish);
        return { kind: "release", app, owner, id };
      }
      case "beat":
      case "sweep": {
        const { app, owner, ...rest } = command;
        return { ...rest, app: `app ${app}`, owner: `owner ${owner}` } as Operation;
      }
      case "reset": {
        const scopes = [subjectScope(`user ${command.subject}`), APP_SCOPE];
        return { kind: "reset", app: `app ${command.app}`, scopes };
      }
      case "collect":
        return this.#collectors.operation(command);
      case "clock":
        return void this.advance(command.ms);
      case "midnight":
        return void this.advance(86_400_000 - (this.clock.now % 86_400_000) + command.ms);
      case "restart":
        this.subject.restart(command.how);
        if (command.how !== "reopen" && command.how !== "replicate") this.#births++;
        if (command.how === "forget" || command.how === "lose") this.checks.forgot();
        return void this.model.restart(command.how);
      default:
        return this.#onReservation(command);
    }
  }

  #onReservation(command: Extract<Command, { which: number }>): Operation | undefined {
    const reservation = this.#reservations[command.which % this.#reservations.length];
    if (!reservation) return undefined;
    if (command.kind === "arrive") return reservation;
    return operationOn(reservation, command, this.model.known(reservation.id)?.held ?? []);
  }

  /** A reservation that the store has not seen comes late, with an `exp` that it may not have seen either. */
  #arrive(reservation: Reservation): Reservation {
    const { credential, demands } = reservation;
    const scope = demands.find((demand) => isCredentialScope(demand.scope))?.scope;
    const first = this.#firstExpiry.get(`${reservation.app} ${scope}`) ?? Infinity;
    if (!credential || this.#seen.has(reservation.id) || this.highest < first) return reservation;
    return { ...reservation, credential: { ...credential, expiresAt: first } };
  }

  #reserve({
    app,
    owner,
    token,
    isOld,
    lifetime,
    demands,
    elastic,
    hasReceipt,
  }: Wish): Reservation {
    const name = `token ${token} of birth ${Math.max(0, this.#births - Number(isOld))}`;
    const scope = tokenScope("web", name);
    const credential = this.#credential(`app ${app} ${scope}`, lifetime);
    this.#scopes.add(scope);
    const reservation: Reservation = {
      kind: "reserve",
      app: `app ${app}`,
      owner: `owner ${owner}`,
      id: `owner ${owner}.${this.#reservations.length}`,
      demands: demands.map((demand) =>
        isCredentialScope(demand.scope) ? { ...demand, scope } : demand,
      ),
      ...(elastic && { elastic }),
      ...(hasReceipt && { receipt: `the start of reservation ${this.#reservations.length} – "ü"` }),
      ...(demands.some((demand) => isCredentialScope(demand.scope)) && { credential }),
    };
    this.#reservations.push(reservation);
    return reservation;
  }

  /**
   * The backend issues a token shortly before or after its first use. Tokens of one id may have several `exp`, but
   * no new one when the first has passed: the counter may be forgotten by then.
   */
  #credential(token: string, lifetime: number): CredentialTimes {
    const offset = [-1_000, 2_000, -1, 0, 2_001, 1][this.#issuedAt.size % 6]!;
    const issuedAt = this.#issuedAt.get(token) ?? this.clock.now + offset;
    this.#issuedAt.set(token, issuedAt);
    const first = Math.min(this.#firstExpiry.get(token) ?? Infinity, issuedAt + lifetime);
    this.#firstExpiry.set(token, first);
    return { issuedAt, expiresAt: this.highest >= first ? first : issuedAt + lifetime };
  }
}

/** Whether the counters of a request were looked at, and have learnt its `exp`. */
function isCounted(result: unknown): boolean {
  const { code = "" } = result as { code?: string };
  return code !== "void" && !code.startsWith("token_");
}

function byKey(order: ReadonlyMap<string, unknown>) {
  const keys = [...order.keys()];
  return ([a]: [string, unknown], [b]: [string, unknown]) => keys.indexOf(a) - keys.indexOf(b);
}

/**
 * Runs turns through a store and the model, and compares every result and every counter. It throws when they
 * differ, or when an invariant does not hold.
 *
 * @param kind of the store
 * @param turns of the event loop
 */
export async function runTurns(kind: SubjectKind, turns: readonly Command[][]): Promise<void> {
  const run = new Run(kind);
  try {
    for (const commands of turns) {
      if (!(await run.turn(commands))) return;
    }
    await run.subject.check?.();
    await run.rest();
  } finally {
    run.subject.close();
  }
}
