import type { ParsedToken } from "../token/parse_token.ts";
import type { TokenPermits } from "../token/permits.ts";
import type { GrantedTarget } from "../token/granted_target.ts";
import type { Cause } from "./cause.ts";
import type { TokenTimes } from "./token_life.ts";

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
    grants: permits ? describeGrants(permits) : [],
  };
}

function describeGrants({ to, origins, ips, seconds }: TokenPermits): string[] {
  const addresses = ips?.map(({ address, bits }) => {
    const isWhole = bits === (address.includes(":") ? 128 : 32);
    return isWhole ? address : `${address}/${bits}`;
  });
  return [
    ...(to?.map(describeTarget) ?? ["It may send every request that the gateway's rules allow."]),
    origins
      ? `Only pages of ${anyOf(origins)} may use it.`
      : "Pages of every origin and programs may use it.",
    addresses
      ? `The client's address must be in ${anyOf(addresses)}.`
      : "The client may have any address.",
    seconds === undefined
      ? "An exchange may last as long as the gateway allows."
      : `An exchange may last ${seconds} s at most.`,
  ];
}

function describeTarget({ methods, origin, path }: GrantedTarget): string {
  const below = path.endsWith("/") ? " and to everything below it" : "";
  const allowed = methods ? anyOf(methods) : "any method";
  return `It may send ${allowed} to ${origin}${path}${below}.`;
}

function anyOf(texts: readonly string[]): string {
  const [last = "", ...others] = texts.toReversed();
  return others.length > 0 ? `${others.toReversed().join(", ")} or ${last}` : last;
}
