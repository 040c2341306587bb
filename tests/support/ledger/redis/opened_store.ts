import { parseRedisLocation } from "../../../../lib/config/ledger/redis_location.ts";
import type { CounterDemand } from "../../../../lib/gateway/ledger/demand.ts";
import { APP_SCOPE, tokenScope } from "../../../../lib/gateway/ledger/forms/scope.ts";
import type { LedgerStore, Operation, ResultOf } from "../../../../lib/gateway/ledger/store.ts";
import { openRedisStore } from "../../../../lib/runtime/ledger/redis/open_redis_store.ts";
import { amountsOf } from "../stage.ts";

const APP = "web";

/** A store that was opened as a gateway opens it, with what a gateway asks. */
export class OpenedStore implements Disposable {
  readonly failures: string[] = [];
  readonly store: LedgerStore;
  readonly #close: () => void;
  readonly #run: <Of extends Operation>(operation: Of) => Promise<ResultOf<Of>>;

  private constructor(
    { store, close }: Awaited<ReturnType<typeof openRedisStore>>,
    failures: string[],
  ) {
    this.failures = failures;
    this.store = store;
    this.#close = close;
    this.#run = (operation) => store.run(operation);
  }

  static async open(url: string): Promise<OpenedStore> {
    const failures: string[] = [];
    const location = parseRedisLocation(url);
    if ("mistake" in location) throw new Error(location.mistake);
    const opened = await openRedisStore(location, {
      onFailure: (reason) => void failures.push(reason),
      onRecovery() {},
    });
    opened.prepare([APP]);
    return new OpenedStore(opened, failures);
  }

  /** Reserves with a token that is dated as far ahead as it may be. */
  reserve(id: string, demands: readonly CounterDemand[], issuedAt = Date.now() + 1_900) {
    const credential = { issuedAt, expiresAt: issuedAt + 3_600_000 };
    return this.#run({ kind: "reserve", app: APP, owner: "a", id, demands, credential });
  }

  settle(id: string) {
    return this.#run({ kind: "settle", app: APP, owner: "a", id, report: {} });
  }

  release(id: string) {
    return this.#run({ kind: "release", app: APP, owner: "a", id });
  }

  /** Charges reservations of the owner, as if it had ended. */
  sweep() {
    return this.#run({ kind: "sweep", app: APP, owner: "a", isDead: true });
  }

  async amounts(token: string) {
    const scopes = [tokenScope(APP, token), APP_SCOPE];
    const read = await this.#run({ kind: "read", app: APP, scopes });
    return amountsOf(read.flat());
  }

  [Symbol.dispose](): void {
    this.#close();
  }
}

/** One use of a token. */
export function useOf(token: string, limit = 1): CounterDemand {
  return { scope: tokenScope(APP, token), counter: "uses", limit };
}
