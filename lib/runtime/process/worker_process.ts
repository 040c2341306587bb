import type { Subprocess } from "bun";
import type { MetricsSnapshot } from "../observe/metrics.ts";
import { Channel, type Message } from "./channel.ts";
import {
  type SupervisorProcedures,
  WORKER_NUMBER,
  type WorkerProcedures,
  type WorkerStart,
} from "./protocol.ts";
import { commandLine, withLimits } from "./relaunch.ts";

/** How a worker ended. */
export interface WorkerExit {
  /** The exit code; `null` when a signal ended it. */
  code: number | null;
  /** The signal that ended it, as the runtime reports it; `null` when it exited by itself. */
  signal: NodeJS.Signals | number | null;
  /** How long it lived, in milliseconds. */
  livedMs: number;
}

/** Options of {@link WorkerProcess}. */
export interface WorkerOptions {
  /** What it is told. */
  start: WorkerStart;
  /** Called when it takes requests. */
  onListening: () => void;
  /** Called when it has handled a reload, with whether the new settings are in force. */
  onReloaded: (isLoaded: boolean) => void;
  /** Called when it has ended; nothing is called after that. */
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
   * @param options what it is told, and the callbacks
   */
  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#channel = new Channel((message) => this.#process.send(message), this.#procedures());
    this.#process = Bun.spawn(commandLine(), {
      env: { ...withLimits(process.env), [WORKER_NUMBER]: String(options.start.number) },
      stdio: ["ignore", "inherit", "inherit"],
      ipc: (message: Message) => this.#receive(message),
      onExit: (_, code, signal) => this.#exit(code, signal),
    });
    this.#channel.notify("start", options.start);
  }

  /** Whether it takes requests. */
  get isListening(): boolean {
    return this.#isListening;
  }

  /** Whether it was told to reload and has not done so yet. */
  get isReloading(): boolean {
    return this.#pendingReloads > 0;
  }

  /** Resolves once the process has ended. */
  get exited(): Promise<unknown> {
    return this.#process.exited;
  }

  /** Makes it load its settings again; `onReloaded` is called when it has. */
  async reload(): Promise<void> {
    this.#pendingReloads += 1;
    // A worker that is starting may have read the old settings already.
    await this.#listening.promise;
    const isLoaded = await this.#channel.requestPatiently("reload");
    this.#pendingReloads -= 1;
    if (!this.#hasExited) this.#options.onReloaded(isLoaded === true);
  }

  /** @param signal the signal that is sent to the process */
  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** @returns its metrics; `undefined` when it ends or does not respond within two seconds */
  metrics(): Promise<MetricsSnapshot | undefined> {
    return this.#channel.request("metrics");
  }

  #procedures(): SupervisorProcedures {
    return {
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
    this.#options.onExit({ code, signal, livedMs: performance.now() - this.#startedAt });
  }
}
