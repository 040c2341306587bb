import { matchesRule } from "../../../gateway/admission/match_rule.ts";
import type { RequestToSign } from "./request_to_sign.ts";
import type { Signer } from "./signer.ts";

const LONGEST_URL = 15_360;

/**
 * Says why a gateway is likely to refuse a signed URL, as far as that can be seen without asking it.
 *
 * @param url the signed URL
 * @param request what was signed
 * @param signer who signed, with what the file says of the app
 */
export function signWarnings(
  url: string,
  { upstream, method, expires }: RequestToSign,
  { id, app, maxExpires }: Signer,
): string[] {
  const warnings: string[] = [];
  if (expires > maxExpires) {
    const whose = app ? `app ${id} allows` : "a gateway allows by default";
    warnings.push(`the URL holds for ${expires} s, and ${whose} ${maxExpires} s`);
  }
  const target = new URL(upstream);
  const rules = app?.upstreams.filter((rule) => !rule.url || matchesRule(rule.url, target));
  if (rules?.length === 0) {
    warnings.push(`no upstream of app ${id} covers ${target.origin}${target.pathname}`);
  } else if (rules && !rules.some(({ methods }) => methods?.includes(method) ?? true)) {
    warnings.push(`the upstream of app ${id} that covers the URL is not for ${method}`);
  }
  if (url.length > LONGEST_URL) {
    warnings.push(`the URL has ${url.length} characters, and a gateway takes ${LONGEST_URL}`);
  }
  return warnings;
}
