import type { Principal } from "../../gateway/model/app.ts";
import type { UpstreamRule } from "../../gateway/model/rule.ts";
import type { AwsKeys } from "../../gateway/model/aws_signing.ts";
import { type Environment, fetchAwsKeys } from "./aws_keys.ts";
import type { SendCredentialRequest } from "./credential_request.ts";
import { KeptCredential } from "./kept_credential.ts";

/** The credentials of all rules of a configuration that are fetched, by how they are. */
export type FetchedCredentials = Map<string, KeptCredential<AwsKeys>>;

/** What credentials are fetched with. */
export interface CredentialSources {
  send: SendCredentialRequest;
  /** The variables of the process. */
  env: Environment;
  /** The current time in milliseconds since the epoch. */
  now: () => number;
  /** Receives what could not be fetched, and the reason. */
  onFailure: (credential: string, reason: string) => void;
}

/**
 * Gives rules the credentials that are fetched while the gateway runs.
 *
 * @param principal an app or a route
 * @param sources how they are fetched
 * @param found the credentials of this configuration so far; those of the principal are added
 * @param before the credentials of the previous configuration. Default: there is none. Rules with the same settings
 *   share one, also after a reload
 * @returns the principal itself when its rules have none
 */
export function withCredentials<Owner extends Principal>(
  principal: Owner,
  sources: CredentialSources,
  found: FetchedCredentials,
  before: FetchedCredentials = new Map(),
): Owner {
  const upstreams = principal.upstreams.map((rule) => ruleWith(rule, sources, found, before));
  const isSame = upstreams.every((rule, i) => rule === principal.upstreams[i]);
  return isSame ? principal : { ...principal, upstreams };
}

function ruleWith(
  rule: UpstreamRule,
  { send, env, now, onFailure }: CredentialSources,
  found: FetchedCredentials,
  before: FetchedCredentials,
): UpstreamRule {
  const { aws } = rule;
  if (!aws?.from) return rule;
  const { from } = aws;
  const name = `aws ${from}`;
  const credential =
    found.get(name) ??
    before.get(name) ??
    new KeptCredential({
      fetch: () => fetchAwsKeys(from, env, send),
      now,
      onFailure: (reason) => onFailure(name, reason),
    });
  found.set(name, credential);
  return { ...rule, aws: { ...aws, keys: () => credential.get() } };
}
