import { createHash } from "node:crypto";
import type { Environment } from "../../config/environment.ts";
import { placeOfTokens } from "../../config/place_of_tokens.ts";
import type { OauthClient } from "../../gateway/model/access_tokens.ts";
import type { Principal } from "../../gateway/model/app.ts";
import type { AwsKeys, AwsSource } from "../../gateway/model/aws_signing.ts";
import type { UpstreamRule } from "../../gateway/model/rule.ts";
import { fetchAccessToken, type TokenRequests } from "./access_token.ts";
import { fetchAwsKeys } from "./aws_keys.ts";
import type { FetchInTime } from "./credential_request.ts";
import { KeptCredential, type KeptCredentialOptions } from "./kept_credential.ts";

/** The credentials of all rules of a configuration that are fetched, by what they are fetched with. */
export interface FetchedCredentials {
  keys: Map<string, KeptCredential<AwsKeys>>;
  tokens: Map<string, KeptCredential<string>>;
}

/** The parts that fetch credentials. */
export interface CredentialSources extends Omit<TokenRequests, "send"> {
  fetchInTime: FetchInTime;
  /** The variables of the process. */
  env: Environment;
  /** Receives what could not be fetched, and the reason. */
  onFailure: (credential: string, reason: string) => void;
}

/** Creates the credentials of a configuration, with none so far. */
export function createFetchedCredentials(): FetchedCredentials {
  return { keys: new Map(), tokens: new Map() };
}

/**
 * Gives rules the credentials that are fetched while the gateway runs.
 *
 * @param principal an app or a route
 * @param sources how they are fetched
 * @param found the credentials of this configuration so far; the credentials of the principal are added to them
 * @param before the credentials of the previous configuration. Default: there is none. Rules with the same settings
 *   share one, also after a reload
 */
export function withCredentials<Owner extends Principal>(
  principal: Owner,
  sources: CredentialSources,
  found: FetchedCredentials,
  before: FetchedCredentials = createFetchedCredentials(),
): Owner {
  const upstreams = principal.upstreams.map((rule): UpstreamRule => {
    const { aws, oauth } = rule;
    if (aws?.from) {
      const keys = keep(awsOptions(aws.from, sources), aws.from, [found.keys, before.keys]);
      return { ...rule, aws: { ...aws, keys: () => keys.get() } };
    }
    if (!oauth?.client) return rule;
    const { client } = oauth;
    const tokens = keep(oauthOptions(client, sources), keyOf(client), [
      found.tokens,
      before.tokens,
    ]);
    const token = () => tokens.get();
    return { ...rule, oauth: { ...oauth, token, refused: (it) => tokens.refused(it) } };
  });
  const isSame = upstreams.every((rule, i) => rule === principal.upstreams[i]);
  return isSame ? principal : { ...principal, upstreams };
}

type Kept<Value> = Map<string, KeptCredential<Value>>;

function keep<Value>(
  options: KeptCredentialOptions<Value>,
  key: string,
  [found, before]: readonly [found: Kept<Value>, before: Kept<Value>],
): KeptCredential<Value> {
  const kept = found.get(key) ?? before.get(key) ?? new KeptCredential(options);
  found.set(key, kept);
  return kept;
}

function awsOptions(from: AwsSource, { fetchInTime, env, now, onFailure }: CredentialSources) {
  return {
    fetch: () => fetchInTime((send) => fetchAwsKeys(from, env, send)),
    now,
    onFailure: (reason: string) => onFailure(`aws ${from}`, reason),
  };
}

function oauthOptions(client: OauthClient, sources: CredentialSources) {
  return {
    fetch: () => sources.fetchInTime((send) => fetchAccessToken(client, { ...sources, send })),
    now: sources.now,
    onFailure: (reason: string) => sources.onFailure(`oauth ${placeOfTokens(client)}`, reason),
  };
}

// Not the settings themselves: they have a secret.
function keyOf(client: OauthClient): string {
  return createHash("sha256").update(JSON.stringify(client)).digest("hex");
}
