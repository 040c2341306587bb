import type { ConfiguredApp, ConfiguredTokens } from "../config/settings.ts";
import {
  createKeySetVerifier,
  type KeySetVerifier,
} from "../gateway/admission/key_set_verifier.ts";
import type { App } from "../gateway/model/app.ts";
import type { KeySetFetch } from "./upstream/fetch_key_set.ts";

/** The key sets of the settings, by place, text and algorithms. Apps with the same ones share one. */
export type KeySets = ReadonlyMap<string, KeySetVerifier>;

/** The parts that all key sets share. */
export interface KeySetSources {
  fetchKeySet: KeySetFetch;
  /** Receives the place of a key set that could not be fetched, without its query, and the reason. */
  onFailure: (place: string, reason: string) => void;
}

/**
 * Creates the key sets of apps.
 *
 * @param apps of a checked configuration
 * @param sources how key sets are fetched
 * @param before the key sets of the previous settings. A key set with unchanged settings is kept, with its
 *   keys
 */
export function keySetsOf(
  apps: readonly ConfiguredApp[],
  { fetchKeySet, onFailure }: KeySetSources,
  before: KeySets = new Map(),
): KeySets {
  const keySets = new Map<string, KeySetVerifier>();
  for (const { tokens } of apps) {
    const key = keyOf(tokens);
    if (key === undefined || keySets.has(key)) continue;
    const { jwks, jwksText, algorithms = [] } = tokens!;
    const location = jwks!;
    const create = () =>
      createKeySetVerifier({
        algorithms,
        fetchKeySet: async () => jwksText ?? fetchKeySet(location),
        onFailure: (reason) => onFailure(placeOf(location), reason),
      });
    keySets.set(key, before.get(key) ?? create());
  }
  return keySets;
}

/**
 * Adds the key set to an app.
 *
 * @param app of a checked configuration
 * @param keySets of the same configuration
 * @returns the app itself when it has no key set
 */
export function withKeySet(app: ConfiguredApp, keySets: KeySets): App {
  const key = keyOf(app.tokens);
  const keySet = key === undefined ? undefined : keySets.get(key);
  return keySet ? { ...app, tokens: { ...app.tokens, verifyWithKeySet: keySet.verify } } : app;
}

function keyOf(tokens: ConfiguredTokens | undefined): string | undefined {
  if (tokens?.jwks === undefined) return undefined;
  return JSON.stringify([tokens.jwks, tokens.jwksText, tokens.algorithms]);
}

function placeOf(location: string): string {
  return location.replace(/^(https:[^?]*)\?.*$/is, "$1");
}
