import type { CounterDemand } from "../../../lib/gateway/ledger/demand.ts";
import { type Scope, tokenScope } from "../../../lib/gateway/ledger/forms/scope.ts";
import type { Operation, ReserveOperation, ResultOf } from "../../../lib/gateway/ledger/store.ts";
import { amountsOf } from "./stage.ts";
import type { Subject, SubjectKind, TestClock } from "./subject.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const MIDNIGHT = Date.UTC(2027, 1, 1);

export const TOKEN = tokenScope("web", "1");
export const use = { scope: TOKEN, counter: "uses", limit: 1 } satisfies CounterDemand;

/** A store, a clock and one process that asks it. */
export class StoreStage {
  readonly clock: TestClock = { now: MIDNIGHT - 12 * HOUR };
  readonly subject: Subject;
  /** When the store was born. */
  born = this.clock.now;

  constructor(kind: SubjectKind) {
    this.subject = kind.start(this.clock);
    this.clock.now += 10 * SECOND;
  }

  async run<Of extends Operation>(operation: Of): Promise<ResultOf<Of>> {
    return await this.subject.store.run(operation);
  }

  /** Reserves with a token that was issued after the birth. */
  reserve(id: string, demands: readonly CounterDemand[], rest: Partial<ReserveOperation> = {}) {
    const credential = { issuedAt: this.born + 2_001, expiresAt: this.born + 24 * HOUR };
    return this.run({ kind: "reserve", app: "web", owner: "a", id, demands, credential, ...rest });
  }

  settle(id: string, report = {}) {
    return this.run({ kind: "settle", app: "web", owner: "a", id, report });
  }

  release(id: string) {
    return this.run({ kind: "release", app: "web", owner: "a", id });
  }

  sweep() {
    return this.run({ kind: "sweep", app: "web", owner: "a" });
  }

  async amounts(scope: Scope = TOKEN) {
    const [readings] = await this.run({ kind: "read", app: "web", scopes: [scope] });
    return amountsOf(readings!);
  }
}
