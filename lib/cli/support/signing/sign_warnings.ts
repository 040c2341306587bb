import { MAX_URL_LENGTH } from "../../../gateway/inbound.ts";
import { matchesRule } from "../../../gateway/admission/match_rule.ts";
import type { RequestToSign } from "./request_to_sign.ts";
import type { Signer } from "./signer.ts";

/**
 * Finds reasons why a gateway will probably refuse a signed URL. It contacts no gateway.
 *
 * @param url the signed URL
 * @param request the request that was signed
 * @param signer the app that signed, with its settings if there is a configuration file
 * @returns one sentence per reason
 */
export function signWarnings(
  url: string,
  { upstream, method, expires }: RequestToSign,
  { id, app, maxExpires }: Signer,
): string[] {
  const warnings: string[] = [];
  if (expires > maxExpires) {
    const allowance = app ? `app ${id} allows` : "by default a gateway allows";
    warnings.push(`the URL is valid for ${expires} s, but ${allowance} only ${maxExpires} s`);
  }
  const target = new URL(upstream);
  const rules = app?.upstreams.filter((rule) => !rule.url || matchesRule(rule.url, target));
  if (rules?.length === 0) {
    warnings.push(`app ${id} has no upstream for ${target.origin}${target.pathname}`);
  } else if (rules && !rules.some(({ methods }) => methods?.includes(method) ?? true)) {
    warnings.push(`app ${id} does not allow ${method} for the upstream of the URL`);
  }
  if (app?.subjectLimits) {
    warnings.push(`app ${id} has limits for each end user, so it takes tokens with a subject only`);
  }
  if (url.length > MAX_URL_LENGTH) {
    warnings.push(
      `the URL has ${url.length} characters, but a gateway accepts at most ${MAX_URL_LENGTH}`,
    );
  }
  return warnings;
}
