import type OpenAI from "openai";
import { createSignedFetch, createTokenProvider } from "../../../lib/signing/signed_fetch.ts";
import { type Api, fetchSignedUrl, fetchToken } from "./backend.ts";
import { createTokenClient, createUrlClient } from "./clients.ts";
import { showCredential } from "./credential.ts";
import { showStep } from "./steps.ts";

/** How requests are sent: with an access token as the key, or to signed URLs. */
export type Way = "token" | "url";

/** One visit of the page: the clients that it asks with, and the credential that they sent last. */
export interface Visit {
  api: Api;
  clients: Readonly<Record<Way, OpenAI>>;
  /** Takes the token of this visit in hand. The backend signs another one when it is about to expire. */
  token: () => Promise<string>;
  /** Takes in hand a credential that is about to be sent, and shows it. */
  take: (credential: string) => void;
  /** The credential that was sent last; empty before the first. */
  inHand: () => string;
}

/** Creates the clients of a visit. */
export function createVisit(api: Api): Visit {
  let credential = "";
  const take = (taken: string): void => {
    credential = taken;
    showCredential(taken);
    showStep("verify", "active", "verifies, adds the key");
  };
  const provide = createTokenProvider(() => fetchToken({ expires: 300 }));
  const token = async (): Promise<string> => {
    showStep("sign", "done", "not asked: still valid");
    const provided = await provide();
    take(provided);
    return provided;
  };
  const signedFetch = createSignedFetch(async (request) => {
    const url = await fetchSignedUrl(await request.text(), 60);
    take(url);
    return url;
  });
  const clients = {
    token: createTokenClient(api, token),
    url: createUrlClient(api, signedFetch),
  };
  return { api, clients, token, take, inHand: () => credential };
}
