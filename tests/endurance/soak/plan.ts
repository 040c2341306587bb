import { createRandom, type Random } from "../../support/random.ts";

/** What travels. */
export const KINDS = [
  "events",
  "json",
  "download",
  "chunked_download",
  "signed_upload",
  "upload",
  "chunked_upload",
] as const;

/** One of {@link KINDS}. */
export type Kind = (typeof KINDS)[number];

/** What goes wrong beyond the gateway. Of the first three nothing may be seen by the client. */
export const FAULTS = [
  "none",
  "slow",
  "stall",
  "silence",
  "reset",
  "fin",
  "garbage",
  "early_answer",
  "close_after",
  "unasked_answer",
  "unknown_name",
  "refused_port",
] as const;

/** One of {@link FAULTS}. */
export type Fault = (typeof FAULTS)[number];

/** One exchange, as it is meant to go. */
export interface Plan {
  number: number;
  kind: Kind;
  method: string;
  /** Bytes of the body that is downloaded or uploaded; for event streams, the number of events. */
  size: number;
  fault: Fault;
  /** Where the fault strikes, as a part of the body; 0: before anything was answered. */
  at: number;
  /** In how many pieces a body is sent. */
  pieces: number;
  /** Milliseconds between them. */
  pause: number;
  /** Milliseconds that a stall lasts. */
  stall: number;
  /** Milliseconds after which the client leaves. Absent: it stays. */
  leaveAfter?: number;
  /** How connections are ended before their time. */
  ending: "fin" | "reset";
}

/** Bodies are at most so long, in bytes. */
export const MAX_BODY = 1 << 20;

const WEIGHTED: readonly Fault[] = [
  ...Array.from({ length: 30 }, () => "none" as const),
  ...Array.from({ length: 6 }, () => ["slow", "stall", "reset", "fin"] as const).flat(),
  ...Array.from({ length: 2 }, () => ["garbage", "close_after", "unasked_answer"] as const).flat(),
  ...(["silence", "early_answer", "unknown_name", "refused_port"] as const),
];

/** Whether a plan sends a body to the upstream. */
export function isUpload({ kind }: Pick<Plan, "kind">): boolean {
  return kind.endsWith("upload");
}

/** The plan of one exchange; it depends on the seed and the number alone. */
export function makePlan(seed: number, number: number): Plan {
  const random = createRandom((seed ^ Math.imul(number, 0x9e3779b1)) >>> 0);
  // The first numbers of neighbouring seeds resemble each other.
  for (let i = 0; i < 3; i++) random.below(2);
  const kind = random.pick(KINDS);
  const leaves = random.below(8) === 0;
  return {
    number,
    kind,
    method: methodOf(kind, random),
    size: sizeOf(kind, random),
    fault: faultOf(kind, random),
    at: random.below(3) === 0 ? 0 : random.below(1000) / 1000,
    pieces: 1 + random.below(random.pick([1, 4, 40])),
    pause: random.pick([0, 0, 1, 5, 20]),
    stall: 200 + random.below(1500),
    ...(leaves && { leaveAfter: random.below(random.pick([5, 50, 1500])) }),
    ending: random.pick(["fin", "reset"]),
  };
}

function methodOf(kind: Kind, random: Random): string {
  if (isUpload({ kind })) return random.pick(["POST", "PUT", "PATCH"]);
  return kind === "json" ? random.pick(["GET", "POST", "DELETE"]) : "GET";
}

function sizeOf(kind: Kind, random: Random): number {
  if (kind === "events") return 1 + random.below(60);
  if (kind === "json") return 1 + random.below(2000);
  const largest = kind === "signed_upload" ? MAX_BODY / 4 : MAX_BODY;
  // As many small bodies as large ones: what is done with them changes with the size.
  return 1 + random.below(random.pick([200, 20_000, 70_000, largest]));
}

function faultOf(kind: Kind, random: Random): Fault {
  const fault = random.pick(WEIGHTED);
  return fault === "early_answer" && !isUpload({ kind }) ? "none" : fault;
}
