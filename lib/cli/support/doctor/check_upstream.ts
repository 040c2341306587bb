import { ask, describe, type NoResponse, refusalCode } from "./ask.ts";
import { type CheckResult, found, skipped } from "./findings.ts";
import { signedToken } from "./signed_token.ts";
import { signedUrl } from "./signed_url.ts";
import { NEEDS_SIGNER, type Site } from "./site.ts";

// Anthropic's API needs it, and others ignore it.
const HEADERS = { "anthropic-version": "2023-06-01" };

/** Calls the upstream once, to find out whether it accepts the operator's key. */
export async function checkUpstream(site: Site): Promise<CheckResult> {
  const { signer, target } = site;
  if (!signer) return skipped("upstream", NEEDS_SIGNER);
  if (target === undefined) return skipped("upstream", "name a URL of the upstream with --target");
  const { host } = new URL(target);
  const answer = await call(site, target);
  if ("failure" in answer) {
    return found("upstream", [{ code: "gateway_unreachable", measured: describe(answer) }], "");
  }
  const refusal = refusalCode(answer);
  const { status } = answer;
  if (refusal === "credential_refused" || (!refusal && (status === 401 || status === 403))) {
    const measured = `${host} answers with ${refusal ?? `status ${status}`}`;
    return found("upstream", [{ code: "upstream_key_refused", measured }], "");
  }
  if (refusal) {
    const code = status >= 502 ? "upstream_failed" : "request_refused";
    return found("upstream", [{ code, measured: `${host}: ${describe(answer)}` }], "");
  }
  return found("upstream", [], `${host} answers with status ${status}`);
}

/** With a signed URL; with a token where each end user has limits, because a URL has no end user. */
async function call(site: Site, target: string): Promise<Response | NoResponse> {
  const { signer, url } = site;
  if (!signer?.app?.subjectLimits) {
    return await ask(site, await signedUrl(site, target), { headers: HEADERS });
  }
  const { origin, host, pathname, search } = new URL(target);
  const token = await signedToken(signer, origin + pathname);
  const at = new URL(url);
  at.pathname = `${url.pathname}${host}${pathname}`;
  at.search = search;
  return await ask(site, at, { headers: { ...HEADERS, Authorization: `Bearer ${token}` } });
}
