import type { Logger } from "../observe/log.ts";
import { monotonicTime, notify } from "./notify.ts";

/** What a service manager such as systemd is told (`Type=notify`), if there is one. */
export interface ServiceManager {
  /**
   * Requests are taken, with the settings that were asked for.
   *
   * @param status one line for `systemctl status`
   */
  ready: (status: string) => void;
  /** The settings are loaded again; `ready` follows. */
  reloading: () => void;
  /**
   * The end has begun.
   *
   * @param seconds that running exchanges get
   */
  stopping: (seconds: number) => void;
}

// What the end may take beside the running exchanges.
const MARGIN_S = 10;
const MICROSECONDS = 1_000_000;

/** What `ready` says after a reload. */
export const RELOADED = {
  yes: "configuration loaded",
  no: "configuration ignored: the log says why",
} as const;

/**
 * Finds the service manager that started this process, by `$NOTIFY_SOCKET`. Where there is none,
 * nothing is said to anybody. One that asks for it by `$WATCHDOG_USEC` hears twice in that time that
 * the process still turns.
 *
 * @param env the environment variables
 * @param log told when the manager cannot be reached
 */
export function findServiceManager(
  env: Readonly<Record<string, string | undefined>>,
  log: Logger,
): ServiceManager {
  const address = env["NOTIFY_SOCKET"];
  const say = (fields: () => Record<string, string | number>) => {
    if (!address) return;
    try {
      notify(address, fields());
    } catch (error) {
      log.warn({ code: "notify_failed", reason: String(error) }, "the service manager is not told");
    }
  };
  const watchdogMs = Number(env["WATCHDOG_USEC"] ?? 0) / 1000;
  if (address && watchdogMs > 0 && env["WATCHDOG_PID"] === String(process.pid)) {
    setInterval(say, watchdogMs / 2, () => ({ WATCHDOG: 1 })).unref();
  }
  return {
    ready: (STATUS) => say(() => ({ READY: 1, STATUS })),
    reloading: () => say(() => ({ RELOADING: 1, MONOTONIC_USEC: String(monotonicTime()) })),
    stopping: (seconds) =>
      say(() => ({
        STOPPING: 1,
        STATUS: `running exchanges get ${seconds} s to end`,
        // A drain longer than TimeoutStopSec is not cut short.
        EXTEND_TIMEOUT_USEC: Math.ceil((seconds + MARGIN_S) * MICROSECONDS),
      })),
  };
}
