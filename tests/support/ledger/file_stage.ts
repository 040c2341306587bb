import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CounterDemand } from "../../../lib/gateway/ledger/demand.ts";
import { APP_SCOPE, tokenScope } from "../../../lib/gateway/ledger/forms/scope.ts";
import { amountsOf } from "./stage.ts";
import { StoreProcess } from "./store_process.ts";

export const TOKEN = tokenScope("web", "1");
export const use = { scope: TOKEN, counter: "uses", limit: 2 } satisfies CounterDemand;
export const budget = {
  scope: APP_SCOPE,
  counter: "tokens",
  limit: 10_000,
  fixed: 100,
} satisfies CounterDemand;
const place = { scope: APP_SCOPE, counter: "concurrent", limit: 5 } satisfies CounterDemand;

type StartOptions = Parameters<typeof StoreProcess.start>[1];

/** The file of a ledger, and processes that use it one after the other. */
export class FileStage {
  readonly folder: string;
  readonly path: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.path = join(folder, "ledger.db");
  }

  static async create(): Promise<FileStage> {
    return new FileStage(await mkdtemp(join(tmpdir(), "signway-ledger-")));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }

  start(options?: StartOptions): Promise<StoreProcess> {
    return StoreProcess.start(this.path, options);
  }

  /** Starts a process, and waits until a token that is issued now is not older than the birth. */
  async startAndWait(options?: StartOptions): Promise<StoreProcess> {
    const store = await this.start(options);
    await Bun.sleep(150);
    return store;
  }

  /** Why it does not start. */
  failure(options?: StartOptions): Promise<string> {
    return this.start(options).then(
      () => "it started",
      ({ message }) => message,
    );
  }
}

/** The clock of these processes cannot be set, so a token is from the future that the ledger allows. */
export function issueToken(): number {
  return Date.now() + 1_900;
}

export function reserve(
  store: StoreProcess,
  id: string,
  issuedAt: number,
  demands: readonly CounterDemand[] = [use, budget, place],
) {
  const credential = { issuedAt, expiresAt: issuedAt + 3_600_000 };
  return store.run({ kind: "reserve", app: "web", owner: "a", id, demands, credential });
}

export function settle(store: StoreProcess, id: string) {
  return store.run({ kind: "settle", app: "web", owner: "a", id, report: { tokens: 30 } });
}

export async function amounts(store: StoreProcess) {
  const read = await store.run({ kind: "read", app: "web", scopes: [TOKEN, APP_SCOPE] });
  return amountsOf(read.flat());
}
