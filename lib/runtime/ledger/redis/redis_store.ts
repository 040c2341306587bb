import type { Scope } from "../../../gateway/ledger/forms/scope.ts";
import {
  type LedgerStore,
  NotExecutedError,
  type Operation,
  type Refused,
  type ResultOf,
} from "../../../gateway/ledger/store.ts";
import {
  argumentsOf,
  AT_ONCE,
  type EnterOperation,
  type Missing,
  type Planned,
  prefixOf,
} from "./batch.ts";
import type { Link, Nodes } from "./nodes.ts";
import { isNotExecuted, messageOf, serverErrorCode } from "./server_errors.ts";
import { RecentEndings } from "./recent_endings.ts";
import { resultOf, type ScriptReply } from "./replies.ts";
import { evaluate } from "./script/evaluate.ts";
import { LEDGER_SCRIPT, type Script } from "./script/script.ts";

/** Options of {@link RedisStore}. */
export interface RedisStoreOptions {
  nodes: Nodes;
  /** Whether the servers never lose what they have acknowledged. Default: they may. */
  isDurable?: boolean;
  /** Default: the script of the ledger. */
  script?: Script;
  /** Called with the code of an error that a server has answered with, `timeout` or `connection_lost`. */
  onFailure?: (reason: string) => void;
  /** Called when operations were executed. */
  onSuccess?: () => void;
}

/** An operation that waits for its answer. */
interface Waiting extends Planned {
  operation: Operation;
  resolve: (result: ResultOf<Operation>) => void;
  reject: (error: unknown) => void;
}

// Between two calls, an owner can get reservations in further scopes.
const MAX_CALLS = 8;

// After a failover all gateways enter all of their apps. Requests that count must not wait behind them for long.
const ENTERED_AT_ONCE = 100;

/**
 * A store in Redis or Valkey. The operations of one app and one turn of the event loop are one call of a script,
 * of which all keys are in one slot. Nothing is sent twice: when no answer comes, the outcome is unknown.
 */
export class RedisStore implements LedgerStore {
  readonly #nodes: Nodes;
  readonly #isDurable: boolean;
  readonly #script: Script;
  readonly #onFailure: (reason: string) => void;
  readonly #onSuccess: () => void;
  readonly #prefixes = new Map<string, string>();
  /** The scopes of the reservations of this process whose end is not confirmed. */
  readonly #scopes = new Map<string, readonly Scope[]>();
  readonly #endings = new RecentEndings();
  readonly #runs = new Set<string>();
  #queues = new Map<string, Waiting[]>();

  /** @param options the servers */
  constructor(options: RedisStoreOptions) {
    const { nodes, isDurable = false, script, onFailure, onSuccess } = options;
    this.#nodes = nodes;
    this.#isDurable = isDurable;
    this.#script = script ?? LEDGER_SCRIPT;
    this.#onFailure = onFailure ?? (() => {});
    this.#onSuccess = onSuccess ?? (() => {});
  }

  run<Of extends Operation>(operation: Of): Promise<ResultOf<Of>> {
    return new Promise<ResultOf<Operation>>((resolve, reject) => {
      const scopes = this.#scopesOf(operation);
      this.#push({ operation, scopes, resolve, reject });
    }) as Promise<ResultOf<Of>>;
  }

  /**
   * Repeats the ends of reservations that were confirmed shortly before, if another server has taken over: it may not
   * have heard of them. Where it has, they change nothing.
   *
   * @param link to a server
   */
  repeatEndings(link: Link): void {
    const isOther = this.#runs.size > 0 && !this.#runs.has(link.runId);
    this.#runs.add(link.runId);
    for (const ending of isOther ? this.#endings.take() : []) this.run(ending).catch(() => {});
  }

  /**
   * Notes the run id of a server for all apps, so that the first token of an app is not older than its birth.
   *
   * @param apps the ids
   * @param link to the server. Default: that of each app, if there is one
   */
  enter(apps: Iterable<string>, link?: Link): void {
    void this.#enterAll([...apps], link);
  }

  async #enterAll(apps: readonly string[], link: Link | undefined): Promise<void> {
    for (let from = 0; from < apps.length; from += ENTERED_AT_ONCE) {
      await Promise.all(
        apps.slice(from, from + ENTERED_AT_ONCE).map((app) => this.#enter(app, link)),
      );
    }
  }

  async #enter(app: string, link = this.#nodes.linkFor(app)): Promise<void> {
    const operation: EnterOperation = { kind: "enter", app };
    // In a cluster, another server may have the app. It is entered there.
    if (link) await this.#call(link, app, [{ operation, scopes: [] }]).catch(() => {});
  }

  #scopesOf(operation: Operation): readonly Scope[] {
    if (operation.kind === "settle" || operation.kind === "release") {
      return this.#scopes.get(operation.id) ?? [];
    }
    if (operation.kind !== "reserve") return [];
    const scopes = operation.demands.map(({ scope }) => scope);
    this.#scopes.set(operation.id, scopes);
    return [];
  }

  #push(waiting: Waiting): void {
    const { app } = waiting.operation;
    if (this.#queues.size === 0) setImmediate(() => this.#flush());
    const queue = this.#queues.get(app);
    if (queue) queue.push(waiting);
    else this.#queues.set(app, [waiting]);
  }

  #flush(): void {
    const queues = this.#queues;
    this.#queues = new Map();
    for (const [app, queue] of queues) {
      for (let from = 0; from < queue.length; from += AT_ONCE) {
        void this.#execute(app, queue.slice(from, from + AT_ONCE));
      }
    }
  }

  async #execute(app: string, batch: readonly Waiting[]): Promise<void> {
    const link = this.#nodes.linkFor(app);
    try {
      if (!link) throw new NotExecutedError("the store is not connected");
      const results = await this.#complete(link, app, batch);
      this.#onSuccess();
      for (let index = 0; index < batch.length; index++) {
        this.#conclude(batch[index]!, results[index]!);
      }
    } catch (error) {
      const failure = this.#failureOf(link, error);
      for (const waiting of batch) this.#reject(waiting, failure);
    }
  }

  /** Executes a batch. As long as keys are missing nothing is executed, and it is asked again with them. */
  async #complete(
    link: Link,
    app: string,
    batch: readonly Planned[],
  ): Promise<ResultOf<Operation>[]> {
    const missing: Missing = { scopes: [], ids: [] };
    for (let call = 0; call < MAX_CALLS; call++) {
      const reply = await this.#call(link, app, batch, missing);
      if (Array.isArray(reply)) return reply;
      // A list that is empty is an empty object.
      missing.scopes.push(...Object.values(reply.needs.scopes));
      missing.ids.push(...Object.values(reply.needs.ids));
    }
    throw new NotExecutedError("keys are missing");
  }

  #conclude({ operation, resolve }: Waiting, reply: ResultOf<Operation>): void {
    const result = resultOf(operation.kind, reply);
    if ("id" in operation && isOver(operation, result)) this.#scopes.delete(operation.id);
    if (operation.kind === "settle" || operation.kind === "release") this.#endings.add(operation);
    resolve(result);
  }

  #reject({ operation, reject }: Waiting, failure: unknown): void {
    const isUnknown = !(failure instanceof NotExecutedError);
    // What may have been reserved is released later, which needs its scopes.
    if (operation.kind === "reserve" && !isUnknown) this.#scopes.delete(operation.id);
    reject(failure);
  }

  async #call(
    link: Link,
    app: string,
    planned: readonly Planned[],
    missing?: Missing,
  ): Promise<ScriptReply> {
    const { overlapMs = 0 } = this.#nodes;
    const server = { runId: link.runId, isDurable: this.#isDurable, overlapMs };
    const args = argumentsOf(this.#prefixOf(app), planned, server, missing);
    return JSON.parse(String(await evaluate(link, this.#script, args))) as ScriptReply;
  }

  #failureOf(link: Link | undefined, error: unknown): unknown {
    if (error instanceof NotExecutedError) return error;
    const message = messageOf(error);
    if (link) this.#nodes.failed(link, message);
    this.#onFailure(failureReason(message));
    return isNotExecuted(message) ? new NotExecutedError(message) : error;
  }

  #prefixOf(app: string): string {
    const found = this.#prefixes.get(app);
    if (found !== undefined) return found;
    const prefix = prefixOf(app);
    this.#prefixes.set(app, prefix);
    return prefix;
  }
}

/** Whether a reservation is known to hold nothing. */
function isOver({ kind }: Operation, result: ResultOf<Operation>): boolean {
  if (kind === "reserve") return (result as Refused).kind === "refused";
  return kind === "settle" || kind === "release";
}

/** Why operations failed, for the log. */
function failureReason(message: string): string {
  const lost = message.startsWith("timeout") ? "timeout" : "connection_lost";
  return serverErrorCode(message) ?? lost;
}
