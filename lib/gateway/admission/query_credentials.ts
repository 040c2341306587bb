import type { AuthorizedTarget } from "../model/grant.ts";
import { OF_GOOGLE, providerOfRule } from "../providers/provider.ts";
import { injectsCredential } from "../model/injects_credential.ts";
import { parameterPattern, withoutParameters } from "../model/parameter_names.ts";

// Google's APIs read a system parameter with `$` before its name, too.
const GOOGLE_CREDENTIALS = parameterPattern(String.raw`\$?\.?(?:key|(?:access|oauth)[_.[ ]token)`);

// Every such name contains one of these, escaped or not. Most queries contain none.
const MAY_BE_CREDENTIAL = /%|key|token/i;

/**
 * Removes credentials of the caller from the query of a target, where the rule injects a credential: two
 * would make the upstream choose between two accounts. Only Google's APIs read them from the query.
 *
 * @param target of a request with a token; its URL is edited in place
 */
export function removeQueryCredentials({ url, rule }: AuthorizedTarget): void {
  if (!MAY_BE_CREDENTIAL.test(url.search) || !injectsCredential(rule)) return;
  if (!OF_GOOGLE.includes(providerOfRule(rule, url))) return;
  url.search = withoutParameters(url.search.slice(1), GOOGLE_CREDENTIALS);
}
