import { textWithin } from "../../../gateway/body/text_within.ts";
import { ask, describe, refusalCode } from "./ask.ts";
import { type CheckResult, found, skipped } from "./findings.ts";
import { expiredUrl } from "./signed_url.ts";
import type { Site } from "./site.ts";

/** A difference that no signer notices, with the time that a request takes. */
const TOLERANCE_MS = 30_000;

/**
 * Compares the gateway's clock with this machine's: a URL that has expired is refused with the gateway's time. The header
 * `Date` may be that of a proxy.
 */
export async function checkClock(site: Site): Promise<CheckResult> {
  const url = await expiredUrl(site);
  const before = Date.now();
  const answer = await ask(site, url);
  const here = (before + Date.now()) / 2;
  if ("failure" in answer || refusalCode(answer) !== "expired") {
    return skipped("clock", `the gateway's time is not known: ${describe(answer)}`);
  }
  const difference = Date.parse(await timeIn(answer)) - here;
  if (Number.isNaN(difference)) return skipped("clock", "the gateway's time is not known");
  const seconds = Math.round(Math.abs(difference) / 1000);
  if (Math.abs(difference) <= TOLERANCE_MS) {
    return found("clock", [], `${seconds} s from this machine's`);
  }
  const side = difference > 0 ? "ahead of" : "behind";
  const measured = `the gateway's clock is ${seconds} s ${side} that of this machine`;
  return found("clock", [{ code: "clock_off", measured }], "");
}

// Far more than a problem of the gateway has.
const MOST_BYTES = 65_536;

/** The time that a problem names; an empty text when it names none. */
async function timeIn({ body }: Response): Promise<string> {
  try {
    const text = await textWithin(body ?? [], MOST_BYTES);
    return String((JSON.parse(text ?? "{}") as { now?: unknown }).now ?? "");
  } catch {
    return "";
  }
}
