import type { OAuthClientProvider } from "@modelcontextprotocol/client";

/** A client's login by OAuth, which notes that it is asked for one. */
export interface NotingProvider extends OAuthClientProvider {
  /** What the SDK went on to do. */
  steps: string[];
}

/** Creates one for a client that has a token already, or has none. */
export function createProvider(token: string | undefined): NotingProvider {
  const steps: string[] = [];
  const redirectUrl = "http://127.0.0.1/callback";
  return {
    steps,
    redirectUrl,
    clientMetadata: { client_name: "signway-tests", redirect_uris: [redirectUrl] },
    clientInformation: () => undefined,
    saveClientInformation: () => void steps.push("registered"),
    tokens: () =>
      token === undefined ? undefined : { access_token: token, token_type: "bearer" as const },
    saveTokens: () => void steps.push("got tokens"),
    redirectToAuthorization: () => void steps.push("sent the user away"),
    saveCodeVerifier: () => {},
    codeVerifier: () => "",
  };
}
