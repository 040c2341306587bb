import type { Subprocess } from "bun";
import type { MetricsSnapshot } from "../observe/metrics.ts";
import { Channel, type Message } from "./channel.ts";
import { type SupervisorProcedures, WORKER_NUMBER, type WorkerProcedures } from "./protocol.ts";
import { commandLine } from "./relaunch.ts";

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
  /** Which worker it is, from 1. */
  number: number;
  /** Where it listens, together with the other workers. */
  port: number;
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
  #isListening = false;
  #pendingReloads = 0;
  #hasExited = false;

  /**
   * Starts this program again, as a worker.
   *
   * @param options its number, its port and the callbacks
   */
  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#channel = new Channel((message) => this.#process.send(message), this.#procedures());
    this.#process = Bun.spawn(commandLine(), {
      env: environmentOf(options),
      stdio: ["ignore", "inherit", "inherit"],
      ipc: (message: Message) => this.#receive(message),
      onExit: (_, code, signal) => this.#exit(code, signal),
    });
  }

  /** Whether it takes requests. */
  get isListening(): boolean {
    return this.#isListening;
  }

  /** Whether it was told to reload and has not reported on that yet. */
  get isReloading(): boolean {
    return this.#pendingReloads > 0;
  }

  /** Resolves once the process has ended. */
  get exited(): Promise<unknown> {
    return this.#process.exited;
  }

  /** Makes it load its settings again; `onReloaded` is called when it has. */
  reload(): void {
    this.#pendingReloads += 1;
    this.#process.kill("SIGHUP");
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
        this.#options.onListening();
      },
      reloaded: (isLoaded) => {
        this.#pendingReloads -= 1;
        this.#options.onReloaded(isLoaded);
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

function environmentOf({ number, port }: WorkerOptions): NodeJS.ProcessEnv {
  return { ...process.env, [WORKER_NUMBER]: String(number), SIGNWAY_PORT: String(port) };
}
