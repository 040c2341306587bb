import { z } from "zod";
import { publicAddressOf, type Resolve } from "../../gateway/admission/authorize.ts";
import { isAddress, unbracket } from "../../gateway/admission/public_address.ts";
import type { OauthClient } from "../../gateway/model/access_tokens.ts";
import { signAssertion } from "./assertion.ts";
import { parseAnswer, type SendCredentialRequest } from "./credential_request.ts";
import type { FetchedCredential } from "./kept_credential.ts";

const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** The life of a token whose server does not tell it, in seconds (RFC 6749, section 5.1). */
const DEFAULT_LIFE = 300;

const ANSWER = z.object({
  // RFC 6750, section 2.1.
  access_token: z.string().regex(/^[A-Za-z0-9\-._~+/]+=*$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.coerce.number().positive().default(DEFAULT_LIFE),
});

/** The parts that fetch access tokens. */
export interface TokenRequests {
  send: SendCredentialRequest;
  resolve: Resolve;
  /** The current time in milliseconds since the epoch. */
  now: () => number;
}

/**
 * Requests an access token (RFC 6749, section 4.4; RFC 7523, section 2.1).
 *
 * @param client what it is requested with
 * @param requests how requests are sent and names resolved
 * @throws GatewayError `credential_unavailable`, with the reason
 */
export async function fetchAccessToken(
  client: OauthClient,
  { send, resolve, now }: TokenRequests,
): Promise<FetchedCredential<string>> {
  const { tokenUrl: url, allowPrivate } = client;
  const isNamed = allowPrivate === true || isOwnChoice(url.hostname);
  const address = isNamed ? undefined : await publicAddressOf(url.hostname, resolve);
  // The life begins no later than the answer.
  const requestedAt = now();
  const text = await send({
    method: "POST",
    url,
    ...(address !== undefined && { address }),
    headers: {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
      ...basicCredentials(client),
    },
    body: (await formOf(client, requestedAt)).toString(),
  });
  const answer = parseAnswer(text, ANSWER, "the answer has no bearer token");
  return { value: answer.access_token, expiresAt: requestedAt + answer.expires_in * 1000 };
}

// An address cannot lead elsewhere, as a name can.
function isOwnChoice(hostname: string): boolean {
  return hostname === "localhost" || isAddress(unbracket(hostname));
}

async function formOf(client: OauthClient, now: number): Promise<URLSearchParams> {
  const { grant, clientId = "", clientSecret = "", clientAuth, scopes, audience } = client;
  const scope = scopes.length > 0 ? { scope: scopes.join(" ") } : {};
  if (grant === "jwt_bearer") {
    const assertion = await signAssertion(client, now);
    // RFC 7521, section 4.1: some servers look up the client by it.
    const id = clientId === "" ? {} : { client_id: clientId };
    return new URLSearchParams({ grant_type: JWT_BEARER, assertion, ...scope, ...id });
  }
  return new URLSearchParams({
    grant_type: grant,
    ...scope,
    ...(audience !== undefined && { audience }),
    ...(clientAuth === "post" && { client_id: clientId, client_secret: clientSecret }),
  });
}

/** RFC 6749, section 2.3.1: both are encoded as in a form first. */
function basicCredentials(client: OauthClient): Record<string, string> {
  const { grant, clientId = "", clientSecret = "", clientAuth } = client;
  if (grant !== "client_credentials" || clientAuth === "post") return {};
  const encode = (text: string) => new URLSearchParams({ "": text }).toString().slice(1);
  return { authorization: `Basic ${btoa(`${encode(clientId)}:${encode(clientSecret)}`)}` };
}
