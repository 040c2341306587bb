import type { ParsedToken } from "../token/parse_token.ts";
import type { TokenPermits } from "../token/permits.ts";
import type { Cause } from "./cause.ts";
import { describePermits } from "./describe_permits.ts";
import type { TokenTimes } from "./token_life.ts";
import { allOf } from "./words.ts";

/**
 * The explanation of an access token: plain data without the token, its signature, and anything that is
 * derived from a secret.
 */
export interface TokenExplanation {
  /** Whether a gateway would accept the token; `undefined` when no secret was given to check it. */
  accepted: boolean | undefined;
  /** Whether the signature is right; `unchecked` without a secret or a well-formed token. */
  signature: "right" | "wrong" | "unchecked";
  /** Everything that is wrong. A gateway would report the first cause. */
  causes: readonly Cause[];
  /** Absent when the token is malformed. */
  parts?: ExplainedToken;
  /** Absent when the token is malformed. */
  life?: TokenTimes;
}

/** The parts of the token, decoded. Texts are as the signer wrote them. */
export interface ExplainedToken {
  /** The issuer (`iss`): an app id, or the issuer of a key set. */
  id: string;
  /** The signature's algorithm (`alg`). */
  algorithm: string;
  /** The end user (`sub`). */
  subject?: string;
  /** The token's own id (`jti`). */
  tokenId?: string;
  /** The audiences (`aud`). */
  audience?: readonly string[];
  /** The names of the operator's policies that apply as well (`sw.policy`). */
  policies?: readonly string[];
  /** The grants of the token, in sentences. None if the claim `sw` is missing. */
  grants: readonly string[];
}

/**
 * Describes the parts of a token.
 *
 * @param token the token
 */
export function describeToken(token: ParsedToken): ExplainedToken {
  const { issuer, header, subject, tokenId, audience, permits } = token;
  return {
    id: issuer,
    algorithm: header.algorithm,
    ...(subject !== undefined && { subject }),
    ...(tokenId !== undefined && { tokenId }),
    ...(audience && { audience }),
    ...(permits?.policyNames && { policies: permits.policyNames }),
    grants: permits ? describeGrants(permits) : [],
  };
}

/** Describes the grants of the token. Where it sets no limit, a sentence says that it sets none. */
function describeGrants(permits: TokenPermits): string[] {
  const { to, origins, ips, seconds, limits, onAbort, policy, policyNames } = permits;
  const only = (part: TokenPermits) => describePermits(part, { tellsLength: true });
  const isFree = !policy && !policyNames;
  return [
    ...(to ? only({ to }) : ["It may send every request that the gateway's rules allow."]),
    ...(origins ? only({ origins }) : ["Pages of every origin and programs may use it."]),
    ...(ips ? only({ ips }) : ["The client may have any address."]),
    ...(seconds === undefined
      ? ["An exchange may last as long as the gateway allows."]
      : only({ seconds })),
    ...(limits
      ? only({ limits })
      : ["It may send any number of requests, as far as the gateway allows."]),
    ...(onAbort ? only({ onAbort }) : []),
    ...(policy ? only({ policy }) : []),
    ...(policyNames ? [describeNames(policyNames)] : []),
    ...(isFree ? ["A request may say anything that the gateway's rules allow."] : []),
  ];
}

function describeNames(names: readonly string[]): string {
  if (names.length === 1) return `The operator's policy ${names[0]} applies as well.`;
  return `The operator's policies ${allOf(names)} apply as well.`;
}
