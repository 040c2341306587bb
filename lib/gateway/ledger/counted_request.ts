import type { RequestBound } from "../model/bound.ts";
import {
  type CounterLimits,
  type CredentialLimits,
  type Rate,
  ratesOf,
} from "../model/counter_limits.ts";
import type { Admission, Credential } from "../model/grant.ts";
import type { UpstreamRule } from "../model/rule.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { BudgetDemand, CounterDemand } from "./demand.ts";
import { rateName } from "./forms/rate.ts";
import {
  APP_SCOPE,
  ruleScope,
  type Scope,
  subjectScope,
  tokenScope,
  urlScope,
} from "./forms/scope.ts";
import type { CountedRequest } from "./ledger.ts";

/**
 * Lists what an admitted request needs from the ledger: for its credential, its end user, the rule and the app.
 *
 * @param admission of the request
 * @param bound the most that an API of models can bill for it. Absent: no limit needs it
 * @param receipt what its receipt says if this process ends before the exchange. Absent: it has no receipt
 * @returns `undefined` when nothing is counted
 * @throws GatewayError `subject_required`, `price_unknown`
 * @throws RangeError when a limit needs the bound and there is none, which is a mistake of the caller
 */
export function countedRequest(
  admission: Admission,
  bound: RequestBound | undefined,
  receipt?: string,
): CountedRequest | undefined {
  const { grant, target } = admission;
  const { limits, subjectLimits } = grant.principal;
  const isCounted = grant.permits.limits || subjectLimits || target.rule.limits || limits;
  return isCounted || receipt !== undefined ? listDemands(admission, bound, receipt) : undefined;
}

function listDemands(
  { grant: { principal, credential, permits }, target: { rule } }: Admission,
  bound: RequestBound | undefined,
  receipt?: string,
): CountedRequest | undefined {
  const { limits, subjectLimits } = principal;
  const demands: CounterDemand[] = [];
  const add = (scope: Scope, counted: CredentialLimits | CounterLimits) =>
    void demands.push(...demandsOf(scope, counted, bound));
  if (permits.limits) add(credentialScope(credential), permits.limits);
  if (subjectLimits) add(subjectScope(subjectOf(credential)), subjectLimits);
  if (rule.limits) add(ruleScope(ruleName(rule)), rule.limits);
  if (limits) add(APP_SCOPE, limits);
  if (demands.length === 0 && receipt === undefined) return undefined;
  const { issuedAt = NaN, expiresAt = NaN } = credential;
  return {
    app: principal.id,
    demands,
    ...(bound?.elastic && { elastic: bound.elastic }),
    ...(permits.limits && { credential: { issuedAt, expiresAt } }),
    ...(receipt !== undefined && { receipt }),
  };
}

function subjectOf({ subject }: Credential): string {
  if (subject === undefined) throw new GatewayError("subject_required");
  return subject;
}

function credentialScope({ issuer, tokenId, digest }: Credential): Scope {
  if (digest !== undefined) return urlScope(digest);
  if (issuer !== undefined && tokenId !== undefined) return tokenScope(issuer, tokenId);
  throw new RangeError("a credential without an id cannot be counted");
}

/** Two rules for one URL differ in their methods. */
function ruleName({ url, methods }: UpstreamRule): string {
  const target = url?.href ?? "any";
  return methods ? `${methods.join(",")} ${target}` : target;
}

function demandsOf(
  scope: Scope,
  limits: CredentialLimits | CounterLimits,
  bound: RequestBound | undefined,
): CounterDemand[] {
  const { uses, concurrent, bytes, tokens, cost } = limits;
  const demands: CounterDemand[] = distinctRates(limits).map((limit) => ({
    scope,
    counter: "rate",
    limit,
  }));
  if (uses !== undefined) demands.push({ scope, counter: "uses", limit: uses });
  if (concurrent !== undefined) demands.push({ scope, counter: "concurrent", limit: concurrent });
  if (bytes !== undefined) demands.push({ scope, counter: "bytes", limit: bytes });
  if (tokens) demands.push({ scope, counter: "tokens", ...tokens, ...tokensOf(bound) });
  if (cost) demands.push({ scope, counter: "cost", ...cost, ...costOf(bound) });
  return demands;
}

/** Each rate once: equal ones have one counter. */
function distinctRates(limits: CredentialLimits | CounterLimits): Rate[] {
  return [...new Map(ratesOf(limits).map((rate) => [rateName(rate), rate])).values()];
}

type Amount = Pick<BudgetDemand, "fixed" | "unit">;

function tokensOf(bound: RequestBound | undefined): Amount {
  const { inputTokens, multiplicity } = assertBound(bound);
  return { fixed: inputTokens, unit: multiplicity };
}

/** The ledger counts whole nano-dollars. */
function costOf(bound: RequestBound | undefined): Amount {
  const { multiplicity, cost, unpriced } = assertBound(bound);
  if (!cost) throw new GatewayError("price_unknown", unpriced && `the model ${unpriced}`);
  return { fixed: Math.ceil(cost.input), unit: Math.ceil(multiplicity * cost.perOutputToken) };
}

function assertBound(bound: RequestBound | undefined): RequestBound {
  if (bound) return bound;
  throw new RangeError("a limit on tokens or cost needs the bound of the request");
}
