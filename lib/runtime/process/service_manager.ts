import type { Logger } from "../observe/log.ts";
import { monotonicTime, notify } from "./notify.ts";

/** The program that watches over this process: systemd or the like (`Type=notify`), or a supervisor. */
export interface ServiceManager {
  /**
   * Tells that requests are taken.
   *
   * @param status one line for `systemctl status`
   */
  ready: (status: string) => void;
  /** Tells that the settings are being loaded again; `reloaded` follows. */
  reloading: () => void;
  /**
   * Tells that the reload is over.
   *
   * @param isLoaded whether the new settings are in force
   */
  reloaded: (isLoaded: boolean) => void;
  /**
   * Tells that the stop has begun.
   *
   * @param seconds that running exchanges get
   */
  stopping: (seconds: number) => void;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Fields = Readonly<Record<string, string | number>>;

// How much longer a stop may take than the running exchanges get.
const STOP_MARGIN_S = 10;
const MICROSECONDS = 1_000_000;

/**
 * Finds the service manager that started this process, by `$NOTIFY_SOCKET`. It is sent the fields of
 * sd_notify(3), and if it asks for that by `$WATCHDOG_USEC`, a sign of life twice in that time.
 *
 * @param env the environment variables
 * @param log gets a warning when the manager cannot be reached
 * @returns the manager; without `$NOTIFY_SOCKET` one that ignores everything
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

// Fields are computed only when there is a manager: the clock is one of the C library.
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
    // So that a drain longer than TimeoutStopSec is not cut short.
    EXTEND_TIMEOUT_USEC: Math.ceil((seconds + STOP_MARGIN_S) * MICROSECONDS),
  };
}
