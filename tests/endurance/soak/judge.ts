import type { Entry, Ledger, Period } from "./ledger.ts";

/** What may become of an exchange. */
export const OUTCOMES = ["identical", "refused", "cut", "no_answer", "left"] as const;

/** What must not. */
export const ERRORS = [
  "different",
  "foreign",
  "malformed",
  "hung",
  "unexplained",
  "upload_forged",
  "sent_twice",
  "misrecorded",
] as const;

/** One of {@link OUTCOMES} or {@link ERRORS}. */
export type Verdict = (typeof OUTCOMES)[number] | (typeof ERRORS)[number];

const HARMLESS: ReadonlySet<string> = new Set(["none", "slow", "stall"]);

// The runtime sends the other methods again when a pooled connection turns out to be dead.
const AT_MOST_ONCE: ReadonlySet<string> = new Set(["POST", "PATCH"]);

/** Whether a verdict means that the gateway did something wrong. */
export function isError(verdict: Verdict): boolean {
  return (ERRORS as readonly string[]).includes(verdict);
}

/**
 * Judges one exchange: it is complete and identical, or visibly failed for a reason that was planned.
 *
 * @param entry what was meant, and what both ends saw
 * @param disturbances when processes were ended
 * @param floods when others sent bodies without a right to
 */
export function judge(
  entry: Entry,
  { disturbances, floods }: Pick<Ledger, "disturbances" | "floods">,
): Verdict {
  const { plan, arrivals, uploads, sent, observed } = entry;
  if (uploads.some((upload) => upload !== "cut" && upload !== sent)) return "upload_forged";
  if (AT_MOST_ONCE.has(plan.method) && arrivals > 1) return "sent_twice";
  if (!observed || observed.ending === "hung") return "hung";
  if (observed.ending === "malformed") return "malformed";
  if (isForeign(entry)) return "foreign";
  const verdict = ending(entry);
  if (isError(verdict) || verdict === "left") return verdict;
  const wasDisturbed = isWithin(entry, disturbances);
  if (isMisrecorded(entry, verdict, wasDisturbed)) return "misrecorded";
  // Whatever goes wrong beyond it, a gateway that lives says so; but the runtime holds a head back
  // until the body's first bytes, and drops both when the body breaks right then.
  const isAnswered = verdict !== "no_answer" || entry.records.includes("upstream_truncated");
  const gaveWay = observed.code === "unverified_limit" && isWithin(entry, floods);
  const isExplained = (!HARMLESS.has(plan.fault) && isAnswered) || wasDisturbed || gaveWay;
  return verdict === "identical" || isExplained ? verdict : "unexplained";
}

function ending({ plan, observed, expected, uploads, sent }: Entry): Verdict {
  const { ending: how, status, digest } = observed!;
  if (how !== "whole") return how === "cut" || how === "no_answer" ? how : "left";
  if (status !== 200) return "refused";
  if (digest !== expected) return "different";
  // The receipt of an upload is worth something only if the upstream really wrote it.
  const isHonest = sent === undefined || uploads.includes(sent) || plan.fault === "early_answer";
  return isHonest ? "identical" : "upload_forged";
}

function isMisrecorded(
  { records }: Pick<Entry, "records">,
  verdict: Verdict,
  wasDisturbed: boolean,
): boolean {
  if (records.length > 1) return true;
  if (verdict === "identical") return records.some((record) => record !== "complete");
  // What a process had handed over when it was killed is lost after it was recorded.
  return verdict === "cut" && !wasDisturbed && records.includes("complete");
}

function isForeign({ plan, observed }: Entry): boolean {
  const { status, requestId, echo } = observed!;
  if (status === undefined) return false;
  if (requestId !== `soak-${plan.number}`) return true;
  // A problem document is the gateway's own, so no upstream has marked it.
  return echo !== String(plan.number) && !(echo === undefined && status >= 400);
}

function isWithin(
  { started, ended }: Pick<Entry, "started" | "ended">,
  periods: readonly Period[],
): boolean {
  return periods.some(({ from, to }) => started <= to && ended >= from);
}
