import fc from "fast-check";

/** A request of a client. */
export interface RequestPlan {
  /** When it comes, in milliseconds. */
  at: number;
  gateway: number;
  token: number;
  /** Whether its token is from before the last birth. */
  isOld: boolean;
  /** What the provider counts as input; the gateway knows a bound. */
  input: number;
  /** The output cap that the client asks for; 0: none. */
  asked: number;
  multiplicity: number;
  /** How much of the cap the provider uses, in percent. */
  output: number;
  /** The chunks of the response, and the time between them in milliseconds. */
  chunks: number;
  pause: number;
  size: number;
  end: "complete" | "client_leaves" | "not_sent" | "upstream_error" | "gone_before_fetch";
}

/** Something that goes wrong. */
export type FaultPlan = { at: number; gateway: number; ms: number } & {
  kind: "stop" | "cut" | "kill" | "birth" | "clock";
};

/** Everything that happens in a simulation. */
export interface Plan {
  seed: number;
  loss: number;
  late: number;
  /** When the store's clock starts, in milliseconds before midnight. */
  beforeMidnight: number;
  requests: readonly RequestPlan[];
  faults: readonly FaultPlan[];
}

// Many things happen at nearly the same time, so that requests and faults meet.
const at = fc.oneof(
  fc.nat(120_000),
  fc.tuple(fc.nat(5), fc.nat(40)).map(([round, ms]) => round * 20_000 + ms),
);

const request: fc.Arbitrary<RequestPlan> = fc.record({
  at,
  gateway: fc.nat(2),
  token: fc.nat(2),
  isOld: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
  input: fc.nat(200),
  asked: fc.oneof(fc.constant(0), fc.nat(1_500)),
  multiplicity: fc.constantFrom(1, 1, 4),
  output: fc.constantFrom(0, 30, 100),
  chunks: fc.integer({ min: 1, max: 8 }),
  pause: fc.constantFrom(10, 1_000, 12_000, 40_000),
  size: fc.nat(4_000),
  end: fc.constantFrom(
    ...(["complete", "complete", "complete", "client_leaves"] as const),
    ...(["not_sent", "upstream_error", "gone_before_fetch"] as const),
  ),
});

const fault: fc.Arbitrary<FaultPlan> = fc.record({
  at,
  gateway: fc.nat(2),
  ms: fc.oneof(fc.nat(5_000), fc.integer({ min: 30_000, max: 90_000 })),
  kind: fc.constantFrom("stop", "stop", "cut", "cut", "kill", "birth", "clock"),
});

/** Plans of simulations. */
export const plans: fc.Arbitrary<Plan> = fc.record({
  seed: fc.nat(),
  loss: fc.constantFrom(0, 0, 0, 2, 20),
  late: fc.constantFrom(0, 0, 0, 2, 20),
  beforeMidnight: fc.constantFrom(60_000, 86_000_000),
  requests: fc.array(request, { minLength: 1, maxLength: 24 }),
  faults: fc.array(fault, { maxLength: 5 }),
});
