import type { TimerWheel } from "../time/timer_wheel.ts";
import type { UnverifiedBudget } from "./unverified_budget.ts";

/** How a client may send a body. Times are in seconds. */
export interface UploadLimits {
  /** How long it may stall; 0 = no limit. */
  idleTimeout: number;
  /** How long a whole exchange may last; 0 = no limit. */
  maxDuration: number;
  timers: TimerWheel;
  /** The memory of all bodies whose senders are not verified yet. */
  unverified: UnverifiedBudget;
  /** How many bytes of it may be held. */
  maxUnverified: number;
}

// In bytes a second. A client gets the time of a stall, and on top of it what its bytes take at this rate.
const LOWEST_RATE = 1024;

/**
 * How long a body of so many bytes may take, in milliseconds.
 *
 * @param idleTimeout how long its client may stall, in seconds; 0 = no limit
 * @param size of the body, or of what has come of it, in bytes
 */
export function timeFor({ idleTimeout }: Pick<UploadLimits, "idleTimeout">, size: number): number {
  return idleTimeout > 0 ? (idleTimeout + size / LOWEST_RATE) * 1000 : Infinity;
}
