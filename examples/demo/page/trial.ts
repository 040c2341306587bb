import type { Visit } from "./visit.ts";

/** A request that the gateway refuses. */
export interface Trial {
  /** What the page asks. */
  question: string;
  /** Why it is refused. */
  reason: string;
  /** Sends it; rejects with the client's error. */
  send: (visit: Visit, signal: AbortSignal) => Promise<unknown>;
}
