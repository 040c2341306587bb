import type { AuthorizedTarget } from "../model/grant.ts";
import { isPassed } from "../model/is_passed.ts";
import {
  decodeLeniently,
  filterParameters,
  isNamed,
  parameterPattern,
  spellingsOf,
  splitParameter,
  withoutParameters,
} from "../model/parameter_names.ts";

// A signed URL of AWS has its signature in such parameters.
const OF_AWS = parameterPattern(String.raw`x-amz-[^\0[]*`);

// RFC 6750, section 2.3. Google's APIs have an older name for it, too.
const ACCESS_TOKENS = parameterPattern(String.raw`\$?\.?(?:access|oauth)[_.[ ]token`);

function decodedName(parameter: string): string {
  return decodeLeniently(splitParameter(parameter)[0]).trim().toLowerCase();
}

/**
 * Removes the parameters that the rule replaces from the query of a target, in every spelling that an API might read.
 * A second value beside the secret would make the upstream choose between two accounts.
 *
 * @param target of an admitted request; its URL is edited in place
 */
export function removeReplacedParameters({ url, rule }: AuthorizedTarget): void {
  const { query = [], aws, oauth } = rule;
  if ((query.length === 0 && !aws && !oauth) || url.search === "") return;
  const sent = url.search.slice(1);
  let left = sent;
  for (const [name] of query) left = withoutParameters(left, spellingsOf(name));
  if (oauth) left = withoutParameters(left, ACCESS_TOKENS);
  if (aws) {
    left = filterParameters(
      left,
      (parameter) => !isNamed(parameter, OF_AWS) || isPassed(rule, decodedName(parameter)),
    );
  }
  if (left !== sent) url.search = left;
}
