import type { AuthorizedTarget } from "../../model/grant.ts";

/**
 * The target as it is called, with the secret parameters of its rule at the end of the query. It exists only while it
 * is called, so that no record, log or error has it.
 *
 * @param target of an admitted request, without the parameters that the rule replaces
 */
export function outboundTarget(target: AuthorizedTarget): AuthorizedTarget {
  const { query = [] } = target.rule;
  if (query.length === 0) return target;
  const added = query.map(([name, value]) => `${encode(name)}=${encode(value)}`);
  const url = new URL(target.url);
  url.search = [url.search.slice(1), ...added].filter(Boolean).join("&");
  return { ...target, url };
}

/** Encodes all but the unreserved characters of RFC 3986, section 2.3. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
