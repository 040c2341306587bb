import type { UpstreamRule } from "../model/rule.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { hasHiddenDotSegment, matchesRule } from "./match_rule.ts";
import { isUnder, pathReadings } from "./path_readings.ts";

/**
 * Finds the rule of a target: the longest URL wins. A target that some servers would read as one of a longer rule is
 * refused, so that no encoding of a path bypasses the policy or the limits of a rule.
 *
 * @param rules in any order; of two for the same URL the first wins
 * @param method the method of the request
 * @param target the URL as the WHATWG URL parser reads it
 * @throws GatewayError `target_not_allowed`
 */
export function findRule(
  rules: readonly UpstreamRule[],
  method: string,
  target: URL,
): UpstreamRule | undefined {
  let best: UpstreamRule | undefined;
  for (const rule of rules) {
    if (best && lengthOf(rule) <= lengthOf(best)) continue;
    if (!allowsMethod(rule, method) || (rule.url && !matchesRule(rule.url, target))) continue;
    best = rule;
  }
  if (best && MAY_HAVE_READINGS.test(target.href)) assertNoLonger(rules, best, { method, target });
  return best;
}

// Without these, all servers read a path in the same way. Some may treat capitals as small letters.
const HAS_READINGS = /[%;]|\/\/|\.(?:\/|$)/;

// The same for a whole URL, whose path would be another text.
const MAY_HAVE_READINGS = /^[^/]*\/\/[^?]*?(?:[%;]|\/\/|\.(?:[/?]|$))/;

function assertNoLonger(
  rules: readonly UpstreamRule[],
  best: UpstreamRule,
  { method, target }: { method: string; target: URL },
): void {
  const { origin, pathname } = target;
  const longer = rules.filter(
    (rule) =>
      lengthOf(rule) > lengthOf(best) && allowsMethod(rule, method) && rule.url?.origin === origin,
  );
  if (longer.length > 0 && mayBeUnder(longer.flatMap(prefixesOf), pathname)) {
    throw new GatewayError(
      "target_not_allowed",
      "some servers read the path as one of another rule",
    );
  }
}

/** Whether a path lies under one of some prefixes for some server. */
function mayBeUnder(prefixes: readonly string[], path: string): boolean {
  if (hasHiddenDotSegment(path)) return true;
  return readingsOf(path).some((reading) => prefixes.some((prefix) => isUnder(prefix, reading)));
}

/** The path of a rule, as different servers read it. */
function prefixesOf({ url }: UpstreamRule): string[] {
  const path = url!.pathname;
  return HAS_READINGS.test(path) ? readingsOf(path) : [path];
}

/** A path as different servers read it, also those that serve the files of a path. */
function readingsOf(path: string): string[] {
  const readings = pathReadings(path);
  return [...readings, ...readings.map(fileReading)];
}

/**
 * The path as a server reads it that serves files. For some, a letter like `é` is the same whether it is composed or not
 * (NFKC). Windows drops dots and spaces at the end of a name.
 */
function fileReading(path: string): string {
  const names = path.normalize("NFKC").split("/").map(withoutEnd);
  return names.join("/").replace(/\/{2,}/g, "/");
}

// A regular expression takes quadratic time.
function withoutEnd(name: string): string {
  let end = name.length;
  while (end > 0 && (name[end - 1] === "." || name[end - 1] === " ")) end--;
  return name.slice(0, end);
}

function lengthOf({ url }: UpstreamRule): number {
  return url?.href.length ?? 0;
}

function allowsMethod({ methods }: UpstreamRule, method: string): boolean {
  return methods?.includes(method) !== false;
}
