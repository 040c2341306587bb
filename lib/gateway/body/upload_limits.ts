import type { TimerWheel } from "../time/timer_wheel.ts";
import type { BodyBudget } from "./body_budget.ts";

/** The limits for a client that sends a body. Times are in seconds. */
export interface UploadLimits {
  /** How long it may stall; 0 = no limit. */
  idleTimeout: number;
  /** How long a whole exchange may last; 0 = no limit. */
  maxDuration: number;
  timers: TimerWheel;
  /** The memory of all bodies whose senders are not verified yet. */
  unverified: BodyBudget;
  /** The most bytes of unverified bodies. */
  maxUnverified: number;
  /** The memory of all bodies under policies, which are at most {@link MAX_CHECKED_BYTES}. */
  checked: BodyBudget;
}

/** The most bytes of all bodies under policies: 64 MiB. */
export const MAX_CHECKED_BYTES = 2 ** 26;

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
