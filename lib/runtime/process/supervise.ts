import type { Subprocess } from "bun";
import type { Settings } from "../../config/settings.ts";
import { listenForAdmin } from "../admin/admin.ts";
import { freePort } from "./free_port.ts";
import type { Logger } from "../observe/log.ts";
import { mergeSnapshots, type MetricsSnapshot } from "../observe/metrics.ts";
import { commandLine } from "./relaunch.ts";
import type { ServiceManager } from "./service_manager.ts";
import { EXIT_CODES, onStopSignal, type StopSignal } from "./stop_signals.ts";

/** By what a worker knows that it is one, and which. */
export const WORKER = "SIGNWAY_WORKER";

/** What a worker and its supervisor tell each other. */
export type WorkerMessage =
  | { kind: "listening" }
  | { kind: "reloaded"; isLoaded: boolean }
  | { kind: "metrics?"; id: number }
  | { kind: "metrics"; id: number; metrics: MetricsSnapshot };

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 30_000;
const STABLE_MS = 10_000;
const METRICS_PATIENCE_MS = 2_000;

interface Worker {
  process: Subprocess;
  isListening: boolean;
  /** How many times it was told to reload and has not said that it did. */
  reloads: number;
  /** Called when it has ended. */
  onEnd: (() => void)[];
}

/**
 * Runs several processes that share the port, replaces those that die and passes signals on.
 *
 * @param settings of the operator
 * @param log told of births and deaths
 * @param manager told of the first worker that listens, of reloads and of the stop
 * @returns the exit code, once all have ended
 */
export async function supervise(
  settings: Settings,
  log: Logger,
  manager: ServiceManager,
): Promise<number> {
  const count = settings.workers === "auto" ? navigator.hardwareConcurrency : settings.workers;
  const port = settings.port === 0 ? await freePort(settings.host) : settings.port;
  const workers = new Map<number, Worker>();
  const answers = new Map<number, (message: WorkerMessage & { kind: "metrics" }) => void>();
  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  let stopping = false;
  let hasListened = false;
  let areLoaded = true;
  let question = 0;

  function giveUp(): void {
    stopping = true;
    for (const { process: child } of workers.values()) child.kill();
    end(1);
  }

  function start(number: number, delay: number): void {
    const born = performance.now();
    const child = Bun.spawn(commandLine(), {
      env: { ...process.env, [WORKER]: String(number), SIGNWAY_PORT: String(port) },
      stdio: ["ignore", "inherit", "inherit"],
      ipc(message: WorkerMessage) {
        const worker = workers.get(number);
        if (message.kind === "listening" && worker) onListening(worker);
        if (message.kind === "reloaded" && worker) onReloaded(worker, message.isLoaded);
        if (message.kind === "metrics") answers.get(message.id)?.(message);
      },
      onExit(_, code, signal) {
        const worker = workers.get(number);
        workers.delete(number);
        worker?.onEnd.forEach((callback) => callback());
        if (stopping) return;
        if (worker && worker.reloads > 0) sayReloaded();
        // What no worker has ever managed, none will: the address cannot be had.
        if (!hasListened && code === 1) return giveUp();
        const lived = performance.now() - born;
        const next = lived > STABLE_MS ? FIRST_DELAY_MS : Math.min(delay * 2, LONGEST_DELAY_MS);
        log.error({ worker: number, code, signal, restart_ms: delay }, "worker died");
        setTimeout(() => stopping || start(number, next), delay);
      },
    });
    workers.set(number, { process: child, isListening: false, reloads: 0, onEnd: [] });
  }

  function onListening(worker: Worker): void {
    worker.isListening = true;
    if (!hasListened) manager.ready(`listening on port ${port}, with ${count} workers`);
    hasListened = true;
  }

  function onReloaded(worker: Worker, isLoaded: boolean): void {
    worker.reloads -= 1;
    areLoaded &&= isLoaded;
    sayReloaded();
  }

  function sayReloaded(): void {
    if (stopping || [...workers.values()].some(({ reloads }) => reloads > 0)) return;
    manager.reloaded(areLoaded);
  }

  async function metrics(): Promise<string> {
    const id = ++question;
    const all = [...workers.values()].map((worker) => askForMetrics(worker, id));
    const found = (await Promise.all(all)).filter((answer) => answer !== undefined);
    return await mergeSnapshots(found);
  }

  function askForMetrics({ process: child, onEnd }: Worker, id: number) {
    return new Promise<MetricsSnapshot | undefined>((resolve) => {
      const key = id * 10_000_000 + child.pid;
      const settle = (found?: MetricsSnapshot) => {
        clearTimeout(timer);
        answers.delete(key);
        resolve(found);
      };
      const timer = setTimeout(settle, METRICS_PATIENCE_MS);
      answers.set(key, (message) => settle(message.metrics));
      onEnd.push(settle);
      try {
        child.send({ kind: "metrics?", id: key } satisfies WorkerMessage);
      } catch {
        // Its end of the channel is closed: it is about to end.
        settle();
      }
    });
  }

  for (let number = 1; number <= count; number++) start(number, FIRST_DELAY_MS);
  const isReady = () => !stopping && [...workers.values()].some((worker) => worker.isListening);
  const admin = settings.admin && listenForAdmin(settings.admin, { isReady, metrics });
  process.on("SIGHUP", () => {
    manager.reloading();
    areLoaded = true;
    for (const worker of workers.values()) {
      worker.reloads += 1;
      worker.process.kill("SIGHUP");
    }
    sayReloaded();
  });
  const onSignal = async (signal: StopSignal) => {
    const again = stopping;
    if (!again) manager.stopping(settings.drain);
    stopping = true;
    for (const { process: child } of workers.values()) child.kill(again ? "SIGKILL" : signal);
    if (again) process.exit(EXIT_CODES[signal]);
    await Promise.all([...workers.values()].map(({ process: child }) => child.exited));
    end(0);
  };
  onStopSignal(onSignal);
  const code = await ended;
  await admin?.stop();
  return code;
}
