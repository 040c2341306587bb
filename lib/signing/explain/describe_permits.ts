import type { GrantedTarget } from "../token/granted_target.ts";
import type { TokenPermits } from "../token/permits.ts";
import { describeCounters, describeOnAbort } from "./describe_counters.ts";
import { describePolicy, type PolicyWords } from "./describe_policy.ts";
import { anyOf } from "./words.ts";

/**
 * Describes the limits of a policy of the operator, or of a token.
 *
 * @param permits the limits
 * @param words what is told of what a request may say
 * @returns a sentence for each limit that there is
 */
export function describePermits(
  { to = [], origins, ips, seconds, limits = {}, onAbort, policy }: TokenPermits,
  words: PolicyWords,
): string[] {
  const addresses = ips?.map(({ address, bits }) => {
    const isWhole = bits === (address.includes(":") ? 128 : 32);
    return isWhole ? address : `${address}/${bits}`;
  });
  return [
    ...to.map(describeTarget),
    ...(origins ? [`Only pages of ${anyOf(origins)} may use it.`] : []),
    ...(addresses ? [`The client's address must be in ${anyOf(addresses)}.`] : []),
    ...(seconds === undefined ? [] : [`An exchange may last ${seconds} s at most.`]),
    ...describeCounters(limits).map((amount) => `It is limited to ${amount}.`),
    ...(onAbort ? [describeOnAbort(onAbort)] : []),
    ...(policy ? describePolicy(policy, words) : []),
  ];
}

function describeTarget({ methods, origin, path }: GrantedTarget): string {
  const below = path.endsWith("/") ? " and to everything below it" : "";
  const allowed = methods ? anyOf(methods) : "any method";
  return `It may send ${allowed} to ${origin}${path}${below}.`;
}
