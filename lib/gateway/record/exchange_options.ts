import type { TimerWheel } from "../time/timer_wheel.ts";
import type { Observer } from "./exchange_record.ts";
import type { Sampling } from "./trace.ts";

/** Settings of an exchange. */
export interface ExchangeOptions {
  /** A monotonic clock in milliseconds. */
  ticks: () => number;
  timers: TimerWheel;
  observer: Observer;
  /** Which exchanges are traced. Absent: no telemetry is exported. */
  sampling?: Sampling | undefined;
  /** Receives what a callback threw when the exchange ended. */
  onError: (error: unknown, requestId: string) => void;
}

/** The claims of an unverified request. */
export interface Claim {
  id?: string | undefined;
  target?: string | undefined;
  /** Whether there is an app with this id. */
  known: boolean;
}

/** The parts of a verified credential that the record contains. */
export interface VerifiedCredential {
  secret?: number;
  tokenId?: string;
  subject?: string;
}
