import type { Plan } from "./plan.ts";

/** How an exchange ended for its client. */
export type Ending = "whole" | "cut" | "no_answer" | "left" | "hung" | "malformed";

/** What a client saw of one exchange. */
export interface Observed {
  ending: Ending;
  /** Of the answer, if one began. */
  status?: number;
  /** The numbers that the gateway and the upstream wrote into the answer's head. */
  requestId?: string | undefined;
  echo?: string | undefined;
  /** Of the body, comments of event streams left out; present when the answer was whole. */
  digest?: string;
  /** Of a problem document. */
  code?: string;
  /** What was wrong with the framing. */
  complaint?: string;
}

/** One exchange in the ledger. */
export interface Entry {
  plan: Plan;
  started: number;
  ended: number;
  /** How often the upstream saw the request's head. */
  arrivals: number;
  /** What became of the request's body at the upstream, once for each arrival that ended. */
  uploads: ("cut" | string)[];
  /** The digest of what the client has to get. */
  expected: string;
  /** The digest of what the client sends. */
  sent?: string;
  observed?: Observed;
  /** The outcomes that the gateway's log names for it: one, unless the process was killed. */
  records: string[];
}

/** A time, in milliseconds of `performance.now`. */
export interface Period {
  from: number;
  to: number;
}

/** Everything that was exchanged. */
export interface Ledger {
  entries: Map<number, Entry>;
  /** When exchanges may fail because a process was ended. */
  disturbances: Period[];
  /** When slow signed bodies may be refused because unverified ones take all the memory that they may. */
  floods: Period[];
}

/** Makes an empty ledger. */
export function createLedger(): Ledger {
  return { entries: new Map(), disturbances: [], floods: [] };
}

/** Notes that a process is ended now, and that its exchanges fail for a moment. */
export function disturb({ disturbances }: Ledger): void {
  const now = performance.now();
  disturbances.push({ from: now - 100, to: now + 1000 });
}
