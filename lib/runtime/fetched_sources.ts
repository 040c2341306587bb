import type { Resolve } from "../gateway/admission/authorize.ts";
import type { FetchUpstream } from "../gateway/fetch_upstream.ts";
import { createCredentialFetch } from "./credentials/credential_request.ts";
import type { CredentialSources } from "./credentials/fetched_credentials.ts";
import type { KeySetSources } from "./key_sets.ts";
import type { Logger } from "./observe/log.ts";
import { createKeySetFetch } from "./upstream/fetch_key_set.ts";

/** How the gateway itself fetches what it needs: key sets of identity providers, and credentials for upstreams. */
export interface FetchedSources {
  keySets: KeySetSources;
  credentials: CredentialSources;
}

/**
 * Creates the sources of key sets and credentials. A failed fetch is logged as a warning.
 *
 * @param log gets the warnings
 * @param fetchUpstream returns the function in force that sends requests
 * @param resolve looks up names
 */
export function createFetchedSources(
  log: Logger,
  fetchUpstream: () => FetchUpstream,
  resolve: Resolve,
): FetchedSources {
  return {
    keySets: {
      fetchKeySet: createKeySetFetch({ fetchUpstream, resolve }),
      onFailure: (jwks, reason) =>
        log.warn({ code: "keys_unavailable", jwks, reason }, "the key set could not be fetched"),
    },
    credentials: {
      resolve,
      fetchInTime: createCredentialFetch(fetchUpstream),
      env: process.env,
      now: Date.now,
      onFailure: (credential, reason) =>
        log.warn(
          { code: "credential_unavailable", credential, reason },
          "a credential could not be fetched",
        ),
    },
  };
}
