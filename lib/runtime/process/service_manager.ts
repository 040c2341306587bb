import type { Environment } from "../../config/environment.ts";
import type { Logger } from "../observe/log.ts";
import { monotonicTime, notify } from "./notify.ts";

/** The program that manages this process: systemd or a similar program (`Type=notify`), or a supervisor. */
export interface ServiceManager {
  /**
   * Reports that the process accepts requests.
   *
   * @param status one line for `systemctl status`
   */
  ready: (status: string) => void;
  /** Reports that a reload of the settings starts. A call of `reloaded` must follow. */
  reloading: () => void;
  /**
   * Reports that the reload has ended.
   *
   * @param isLoaded whether the new settings are in force
   */
  reloaded: (isLoaded: boolean) => void;
  /**
   * Reports that the stop has begun.
   *
   * @param seconds the time for which running exchanges may continue, in seconds
   */
  stopping: (seconds: number) => void;
}

type Fields = Readonly<Record<string, string | number>>;

// The time that a stop may take in addition to the drain.
const STOP_MARGIN_S = 15;
const MICROSECONDS = 1_000_000;

/**
 * Finds the service manager that started this process by `$NOTIFY_SOCKET`. It is notified with the fields of
 * sd_notify(3). If `$WATCHDOG_USEC` is set, it also gets a watchdog message twice in that time.
 *
 * @param env the environment variables
 * @param log the log, which gets a warning when the manager cannot be notified
 * @returns the manager; without `$NOTIFY_SOCKET`, its functions do nothing
 */
export function findServiceManager(env: Environment, log: Logger): ServiceManager {
  const send = createSender(env["NOTIFY_SOCKET"], log);
  startWatchdog(env, send);
  const ready = (status: string) => send(() => ({ READY: 1, STATUS: status }));
  return {
    ready,
    reloading: () => send(() => ({ RELOADING: 1, MONOTONIC_USEC: String(monotonicTime()) })),
    reloaded: (isLoaded) =>
      ready(isLoaded ? "configuration loaded" : "configuration ignored: see the log"),
    stopping: (seconds) => send(() => stoppingFields(seconds)),
  };
}

// Takes a function, so that fields which need the C library are computed only if there is a manager.
type Sender = (fields: () => Fields) => void;

function createSender(address: string | undefined, log: Logger): Sender {
  return (fields) => {
    if (!address) return;
    try {
      notify(address, fields());
    } catch (error) {
      log.warn(
        { code: "notify_failed", reason: String(error) },
        "cannot notify the service manager",
      );
    }
  };
}

function startWatchdog(env: Environment, send: Sender): void {
  const timeoutMs = Number(env["WATCHDOG_USEC"] ?? 0) / 1000;
  const isWatched = env["NOTIFY_SOCKET"] && env["WATCHDOG_PID"] === String(process.pid);
  if (isWatched && timeoutMs > 0) setInterval(send, timeoutMs / 2, () => ({ WATCHDOG: 1 })).unref();
}

function stoppingFields(seconds: number): Fields {
  return {
    STOPPING: 1,
    STATUS: `stopping: running exchanges may continue for ${seconds} s`,
    // Otherwise systemd would kill a process that drains longer than TimeoutStopSec.
    EXTEND_TIMEOUT_USEC: Math.ceil((seconds + STOP_MARGIN_S) * MICROSECONDS),
  };
}
