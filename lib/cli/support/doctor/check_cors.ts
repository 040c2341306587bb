import { ask, describe, type NoResponse } from "./ask.ts";
import { type CheckResult, type Finding, found, skipped } from "./findings.ts";
import { expiredUrl } from "./signed_url.ts";
import type { Site } from "./site.ts";

/** Asks as a browser does for a page of each origin: a preflight, and a request whose response the page is to read. */
export async function checkCors(site: Site): Promise<CheckResult> {
  if (site.origins.length === 0) return skipped("cors", "name the origin of a page with --origin");
  const findings = await Promise.all(site.origins.map((origin) => findingsFor(site, origin)));
  return found("cors", findings.flat(), `pages of ${site.origins.join(", ")} may call it`);
}

async function findingsFor(site: Site, origin: string): Promise<Finding[]> {
  // A refusal is enough: a page has to be able to read that too.
  const url = await expiredUrl(site);
  const preflight = {
    Origin: origin,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
  };
  const asked = [
    ["a preflight", await ask(site, url, { method: "OPTIONS", headers: preflight })],
    ["a response", await ask(site, url, { headers: { Origin: origin } })],
  ] as const;
  const found = asked.map(([what, answer]) => findingIn(answer, what, origin));
  return found.filter((finding) => finding !== undefined).slice(0, 1);
}

function findingIn(
  answer: Response | NoResponse,
  what: string,
  origin: string,
): Finding | undefined {
  if ("failure" in answer) {
    return { code: "cors_origin_missing", measured: `${what} for ${origin}: ${describe(answer)}` };
  }
  const allowed = answer.headers.get("access-control-allow-origin");
  if (allowed?.includes(",")) {
    return {
      code: "cors_header_repeated",
      measured: `${what} has Access-Control-Allow-Origin twice`,
    };
  }
  if (allowed === "*" || allowed === origin) return undefined;
  return { code: "cors_origin_missing", measured: `${what} does not allow pages of ${origin}` };
}
