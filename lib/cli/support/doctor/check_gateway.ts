import { PREFLIGHT } from "../preflight.ts";
import { ask, describe, isOwn } from "./ask.ts";
import { type CheckResult, found } from "./findings.ts";
import type { Site } from "./site.ts";

// What a proxy says when nothing listens behind it.
const OF_PROXIES: ReadonlySet<number> = new Set([502, 503, 504, 520, 521, 522, 523, 524]);

/** Finds out whether a gateway responds at the URL. */
export async function checkGateway(site: Site): Promise<CheckResult> {
  const answer = await ask(site, site.url, PREFLIGHT);
  if (!("failure" in answer) && isOwn(answer)) {
    return found("gateway", [], "a gateway responds");
  }
  const isDown = "failure" in answer || OF_PROXIES.has(answer.status);
  const code = isDown ? "gateway_unreachable" : "not_a_gateway";
  return found("gateway", [{ code, measured: describe(answer) }], "");
}
