import type { TimerWheel } from "../time/timer_wheel.ts";
import type { UnverifiedBudget } from "./unverified_budget.ts";

/** The limits for a client that sends a body. Times are in seconds. */
export interface UploadLimits {
  /** How long it may stall; 0 = no limit. */
  idleTimeout: number;
  /** How long a whole exchange may last; 0 = no limit. */
  maxDuration: number;
  timers: TimerWheel;
  /** The memory of all bodies whose senders are not verified yet. */
  unverified: UnverifiedBudget;
  /** The most bytes of unverified bodies. */
  maxUnverified: number;
}

// In bytes per second. A client gets the idle timeout, plus the time for its bytes at this rate.
const LOWEST_RATE = 1024;

/**
 * The longest time for a body of a certain size, in milliseconds.
 *
 * @param idleTimeout how long the client may stall, in seconds; 0 = no limit
 * @param size the bytes of the body, or of the part that has arrived
 */
export function timeFor({ idleTimeout }: Pick<UploadLimits, "idleTimeout">, size: number): number {
  return idleTimeout > 0 ? (idleTimeout + size / LOWEST_RATE) * 1000 : Infinity;
}
