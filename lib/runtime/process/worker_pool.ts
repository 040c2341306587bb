import type { StoreConnection } from "../../gateway/ledger/store_connection.ts";
import type { Logger } from "../observe/log.ts";
import type { ActivitySums } from "../admin/activity/activity_sums.ts";
import type { ProcessState } from "../admin/sources.ts";
import type { MetricsSnapshot } from "../observe/metrics.ts";
import type { SettingsFiles, WorkerStart } from "./protocol.ts";
import { FIRST_RESTART_DELAY_MS, nextRestartDelay } from "./restart_delay.ts";
import { RetainedMetrics } from "./retained_metrics.ts";
import { type WorkerExit, WorkerProcess } from "./worker_process.ts";

/** Options of {@link WorkerPool}. */
export interface WorkerPoolOptions {
  /** The number of workers. */
  count: number;
  /** The information that all workers get for their start. */
  start: Pick<Required<WorkerStart>, "port" | "texts" | "initial">;
  /** The log, which gets a line for each worker that dies, and the level of settings that workers load. */
  log: Logger;
  /** Connects a new worker with the ledger of this process. Absent: there is none. */
  connectLedger?: (() => StoreConnection) | undefined;
  /** Called with what exchanges did in a worker. Absent: nobody counts them. */
  onCounted?: ((sums: ActivitySums) => void) | undefined;
  /** Called once, when the first worker accepts requests. */
  onReady: () => void;
  /** Called when all workers have handled a reload. `areAllLoaded` is true if all have the new settings. */
  onReloaded: (areAllLoaded: boolean) => void;
}

/** Worker processes that share a port. When a worker dies, another one is started in its place. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Map<number, WorkerProcess>();
  /** The numbers of the workers that were not running at the last reload. */
  readonly #unreloaded = new Set<number>();
  /** The timers of the pending restarts. */
  readonly #restarts = new Set<Timer>();
  readonly #ended = Promise.withResolvers<number>();
  readonly #retained = new RetainedMetrics();
  #isStopping = false;
  #hasListened = false;
  #areAllLoaded = true;
  /** The files of the settings that a worker has loaded last. Absent: those of the start. */
  #latest: SettingsFiles | undefined;

  /**
   * Starts the workers.
   *
   * @param options the number of workers, the information for their start, the log and the callbacks
   */
  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    for (let number = 1; number <= options.count; number++) {
      this.#start(number, FIRST_RESTART_DELAY_MS);
    }
  }

  /** Whether at least one worker accepts new requests. */
  get isReady(): boolean {
    return !this.#isStopping && this.#all().some((worker) => worker.isListening);
  }

  /** How long the workers let running exchanges go on when they stop, in seconds. */
  get drain(): number {
    return (this.#latest ?? this.#options.start.initial).drain;
  }

  /** Whether the workers are being stopped. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /**
   * Resolves with the exit code of the supervisor: 0 when all workers have ended after a stop, 1 when no
   * worker was able to listen.
   */
  get ended(): Promise<number> {
    return this.#ended.promise;
  }

  /** @returns the metrics of each worker that responds within 2 seconds */
  async metrics(): Promise<MetricsSnapshot[]> {
    const snapshots = await Promise.all(this.#all().map((worker) => worker.metrics()));
    return snapshots.filter((snapshot) => snapshot !== undefined);
  }

  /**
   * Returns the metrics of all workers, those that ended included. Their sums of counters and histograms never fall.
   *
   * @returns snapshots. One of a worker that does not respond within 2 seconds has what it last sent, without gauges
   */
  async cumulativeMetrics(): Promise<MetricsSnapshot[]> {
    const answered = new Set<number>();
    const ask = async ([number, worker]: [number, WorkerProcess]) => {
      if (await worker.metrics()) answered.add(number);
    };
    await Promise.all([...this.#workers].map(ask));
    return this.#retained.snapshots(answered);
  }

  /** @returns the state of each worker that accepts requests and responds within 2 seconds */
  async states(): Promise<ProcessState[]> {
    const listening = this.#all().filter((worker) => worker.isListening);
    const states = await Promise.all(listening.map((worker) => worker.state()));
    return states.filter((state) => state !== undefined);
  }

  /** Makes each worker that responds within 2 seconds report what it has counted so far. */
  async report(): Promise<void> {
    await Promise.all(this.#all().map((worker) => worker.report()));
  }

  /**
   * Ends exchanges.
   *
   * @param requestId the id of the exchanges
   * @returns how many there were
   */
  async endExchange(requestId: string): Promise<number> {
    const counts = await Promise.all(this.#all().map((worker) => worker.endExchange(requestId)));
    return counts.reduce<number>((sum, count = 0) => sum + count, 0);
  }

  /** Makes all workers reload their settings. */
  reload(): void {
    this.#areAllLoaded = true;
    for (let number = 1; number <= this.#options.count; number++) {
      const worker = this.#workers.get(number);
      if (worker) void worker.reload();
      else this.#unreloaded.add(number);
    }
    this.#reportReload();
  }

  /**
   * Stops all workers. Workers that end are no longer restarted.
   *
   * @param signal the signal that is sent to them
   */
  async stop(signal: NodeJS.Signals): Promise<void> {
    this.#endRestarts();
    const workers = this.#all();
    for (const worker of workers) worker.kill(signal);
    await Promise.all(workers.map((worker) => worker.exited));
    this.#ended.resolve(0);
  }

  /** Ends all workers at once. */
  kill(): void {
    for (const worker of this.#all()) worker.kill("SIGKILL");
  }

  #all(): WorkerProcess[] {
    return [...this.#workers.values()];
  }

  /** @param restartDelay the pause before the worker is restarted if it dies, in milliseconds */
  #start(number: number, restartDelay: number): void {
    const { start, count, connectLedger, onCounted } = this.#options;
    const worker = new WorkerProcess({
      start: {
        ...{ ...start, number, count, hasLedger: connectLedger !== undefined },
        ...(this.#latest && { latest: this.#latest }),
      },
      ledger: connectLedger?.(),
      onCounted,
      onMetrics: (snapshot) => this.#retained.update(number, snapshot),
      onListening: () => this.#handleListening(),
      onLoaded: (files) => this.#handleLoaded(files),
      onReloaded: (isLoaded) => this.#handleReloaded(isLoaded),
      onExit: (exit) => this.#handleExit(number, restartDelay, exit),
    });
    this.#workers.set(number, worker);
    if (this.#unreloaded.delete(number)) void worker.reload();
  }

  #handleExit(number: number, restartDelay: number, exit: WorkerExit): void {
    const wasReloading = this.#workers.get(number)?.isReloading;
    this.#workers.delete(number);
    this.#retained.end(number);
    if (this.#isStopping) return;
    if (wasReloading) this.#reportReload();
    // No worker has listened yet, so this exit code means that the address cannot be used.
    if (!this.#hasListened && exit.code === 1) this.#giveUp();
    else this.#restart(number, restartDelay, exit);
  }

  #restart(number: number, delay: number, { code, signal, livedMs }: WorkerExit): void {
    this.#options.log.error({ worker: number, code, signal, restart_ms: delay }, "worker died");
    this.#startLater(number, delay, nextRestartDelay(delay, livedMs));
  }

  #startLater(number: number, delay: number, nextDelay: number): void {
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      this.#startAgain(number, nextDelay);
    }, delay);
    this.#restarts.add(timer);
  }

  /** The system may have no more processes or descriptors, or the file of the program may be exchanged right now. */
  #startAgain(number: number, delay: number): void {
    try {
      this.#start(number, delay);
    } catch (error) {
      const reason = (error as { code?: string }).code ?? "unknown";
      this.#options.log.error({ worker: number, reason, restart_ms: delay }, "worker not started");
      this.#startLater(number, delay, nextRestartDelay(delay, 0));
    }
  }

  #endRestarts(): void {
    this.#isStopping = true;
    for (const timer of this.#restarts) clearTimeout(timer);
  }

  #giveUp(): void {
    this.#endRestarts();
    for (const worker of this.#all()) worker.kill("SIGTERM");
    this.#ended.resolve(1);
  }

  #handleListening(): void {
    if (!this.#hasListened) this.#options.onReady();
    this.#hasListened = true;
  }

  #handleLoaded(files: SettingsFiles): void {
    this.#latest = files;
    this.#options.log.level = files.logLevel;
  }

  #handleReloaded(isLoaded: boolean): void {
    this.#areAllLoaded &&= isLoaded;
    this.#reportReload();
  }

  #reportReload(): void {
    const isPending = this.#unreloaded.size > 0 || this.#all().some((it) => it.isReloading);
    if (this.#isStopping || isPending) return;
    this.#options.onReloaded(this.#areAllLoaded);
  }
}
