import type { Subprocess } from "bun";
import type { StoreConnection } from "../../gateway/ledger/store_connection.ts";
import type { ActivitySums } from "../admin/activity/activity_sums.ts";
import type { ProcessState } from "../admin/sources.ts";
import type { MetricsSnapshot } from "../observe/metrics.ts";
import { Channel, type Message } from "./channel.ts";
import {
  type SettingsFiles,
  type SupervisorProcedures,
  WORKER_NUMBER,
  type WorkerProcedures,
  type WorkerStart,
} from "./protocol.ts";
import { commandLine, withRuntimeSettings } from "./relaunch.ts";

/** The end of a worker. */
export interface WorkerExit {
  /** The exit code; `null` when a signal ended it. */
  code: number | null;
  /** The signal that ended it, as the runtime reports it; `null` when it exited by itself. */
  signal: NodeJS.Signals | number | null;
  /** The time for which it ran, in milliseconds. */
  livedMs: number;
}

/** Options of {@link WorkerProcess}. */
export interface WorkerOptions {
  /** The information for its start. */
  start: WorkerStart;
  /** The ledger of the supervisor, for this worker. Absent: there is none. */
  ledger?: StoreConnection | undefined;
  /** Called with what exchanges did in the worker. */
  onCounted?: ((sums: ActivitySums) => void) | undefined;
  /** Called with the metrics of the worker, whenever it sends them. */
  onMetrics: (snapshot: MetricsSnapshot) => void;
  /** Called when the worker accepts requests. */
  onListening: () => void;
  /** Called when the worker has read settings again and they are in force. */
  onLoaded: (files: SettingsFiles) => void;
  /** Called when the worker has handled a reload. `isLoaded` is true if the new settings are in force. */
  onReloaded: (isLoaded: boolean) => void;
  /** Called when the worker has ended. No function is called after that. */
  onExit: (exit: WorkerExit) => void;
}

/** A worker as its supervisor sees it. */
export class WorkerProcess {
  readonly #options: WorkerOptions;
  readonly #process: Subprocess;
  readonly #channel: Channel<WorkerProcedures, SupervisorProcedures>;
  readonly #startedAt = performance.now();
  readonly #listening = Promise.withResolvers<void>();
  #isListening = false;
  #pendingReloads = 0;
  #hasExited = false;

  /**
   * Starts this program again, as a worker.
   *
   * @param options the information for its start, and the callbacks
   */
  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#channel = new Channel((message) => this.#process.send(message), this.#procedures());
    this.#process = Bun.spawn(commandLine(), {
      env: { ...withRuntimeSettings(process.env), [WORKER_NUMBER]: String(options.start.number) },
      stdio: ["ignore", "inherit", "inherit"],
      ipc: (message: Message) => this.#receive(message),
      onExit: (_, code, signal) => this.#exit(code, signal),
    });
    this.#channel.notify("start", options.start);
  }

  /** Whether the worker accepts requests. */
  get isListening(): boolean {
    return this.#isListening;
  }

  /** Whether the worker has a pending reload. */
  get isReloading(): boolean {
    return this.#pendingReloads > 0;
  }

  /** Resolves once the process has ended. */
  get exited(): Promise<unknown> {
    return this.#process.exited;
  }

  /** Makes the worker reload its settings. `onReloaded` is called afterwards. */
  async reload(): Promise<void> {
    this.#pendingReloads += 1;
    // A worker that is still starting may already have read the old settings.
    await this.#listening.promise;
    const isLoaded = await this.#channel.requestPatiently("reload");
    this.#pendingReloads -= 1;
    if (!this.#hasExited) this.#options.onReloaded(isLoaded === true);
  }

  /** @param signal the signal that is sent to the process */
  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** @returns its metrics; `undefined` when it ends or does not respond within 2 seconds */
  async metrics(): Promise<MetricsSnapshot | undefined> {
    const snapshot = await this.#channel.request("metrics");
    if (snapshot && !this.#hasExited) this.#options.onMetrics(snapshot);
    return snapshot;
  }

  /** @returns its state; `undefined` when it ends or does not respond within 2 seconds */
  state(): Promise<ProcessState | undefined> {
    return this.#channel.request("state");
  }

  /** Makes it report what it has counted so far. Resolves when it has, ends, or does not respond within 2 seconds. */
  report(): Promise<void> {
    return this.#channel.request("report");
  }

  /**
   * Ends exchanges.
   *
   * @param requestId the id of the exchanges
   * @returns how many there were; `undefined` when it ends or does not respond within 2 seconds
   */
  endExchange(requestId: string): Promise<number | undefined> {
    return this.#channel.request("endExchange", requestId);
  }

  #procedures(): Partial<SupervisorProcedures> {
    const { ledger, onCounted, onMetrics } = this.#options;
    return {
      ...(ledger && { ledger: ledger.run, revocations: ledger.revocations }),
      loaded: this.#options.onLoaded,
      ...(onCounted && { counted: (sums) => onCounted(JSON.parse(sums) as ActivitySums) }),
      metrics: onMetrics,
      listening: () => {
        this.#isListening = true;
        this.#listening.resolve();
        this.#options.onListening();
      },
    };
  }

  #receive(message: Message): void {
    if (!this.#hasExited) void this.#channel.receive(message);
  }

  #exit(code: number | null, signal: WorkerExit["signal"]): void {
    this.#hasExited = true;
    this.#channel.close();
    void this.#options.ledger?.close();
    this.#options.onExit({ code, signal, livedMs: performance.now() - this.#startedAt });
  }
}
