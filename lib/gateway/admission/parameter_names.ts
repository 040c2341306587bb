import { decodeLeniently, splitParameter } from "./token_slots.ts";

/**
 * A pattern for names of parameters, as lenient servers read them. PHP trims a name, and ends it at NUL and at a
 * bracket.
 *
 * @param names an alternation of patterns, in lower case
 */
export function parameterPattern(names: string): RegExp {
  return new RegExp(`^\\s*(?:${names})\\s*(?:$|[\\0[])`);
}

/** Whether the name of a parameter matches a {@link parameterPattern}. The parameter is encoded, in any case. */
export function isNamed(parameter: string, pattern: RegExp): boolean {
  return pattern.test(decodeLeniently(splitParameter(parameter)[0]).toLowerCase());
}

/**
 * Removes the parameters that match from a query. Some servers split a query at semicolons, too.
 *
 * @param query without `?`
 * @param pattern of {@link parameterPattern}
 */
export function withoutParameters(query: string, pattern: RegExp): string {
  const left = query.split("&").flatMap((part) => {
    const kept = part.split(";").filter((parameter) => !isNamed(parameter, pattern));
    return kept.length > 0 ? [kept.join(";")] : [];
  });
  return left.join("&");
}
