import { createRandom } from "../../../support/random.ts";

/** What goes wrong with a WebSocket. */
export const FAULTS = [
  "none",
  "client_reset",
  "client_fin",
  "client_silent",
  "client_stalled",
  "upstream_reset",
  "upstream_fin",
  "upstream_close",
  "upstream_silent",
  "upstream_malformed",
  "unfinished_fragments",
  "ping_flood",
  "giant_frame",
  "slow_handshake",
  "refused",
  "refused_late",
] as const;

/** One of {@link FAULTS}. */
export type Fault = (typeof FAULTS)[number];

/** One WebSocket, as it is meant to go. */
export interface SocketPlan {
  number: number;
  fault: Fault;
  /** The sizes of the messages that are echoed before the fault strikes. */
  sizes: readonly number[];
}

/** The plan of a WebSocket; it depends on the seed and the number alone. */
export function makeSocketPlan(seed: number, number: number): SocketPlan {
  const random = createRandom((seed ^ Math.imul(number, 0x9e3779b1)) >>> 0);
  for (let i = 0; i < 3; i++) random.below(2);
  const fault = random.below(3) === 0 ? "none" : random.pick(FAULTS);
  const sizes = Array.from({ length: 1 + random.below(8) }, () =>
    random.below(random.pick([10, 200, 70_000, 300_000])),
  );
  return { number, fault, sizes };
}
