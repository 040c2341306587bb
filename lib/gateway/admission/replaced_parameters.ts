import type { AuthorizedTarget } from "../model/grant.ts";
import { spellingsOf, withoutParameters } from "../model/parameter_names.ts";

/**
 * Removes the parameters that the rule replaces from the query of a target, in every spelling that an API might read.
 * A second value beside the secret would make the upstream choose between two accounts.
 *
 * @param target of an admitted request; its URL is edited in place
 */
export function removeReplacedParameters({ url, rule: { query = [] } }: AuthorizedTarget): void {
  if (query.length === 0 || url.search === "") return;
  const sent = url.search.slice(1);
  let left = sent;
  for (const [name] of query) left = withoutParameters(left, spellingsOf(name));
  if (left !== sent) url.search = left;
}
