import { createPrivateKey, type KeyObject, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { OauthClient } from "../../gateway/model/access_tokens.ts";
import { serviceAccountOf } from "../../gateway/model/service_account.ts";
import { refusal } from "./credential_request.ts";

/** It is used at once. */
const LIFE_SECONDS = 300;

/**
 * Signs an assertion for the grant `jwt_bearer` (RFC 7523, section 3).
 *
 * @param client with a key
 * @param now in milliseconds since the epoch
 * @throws GatewayError `credential_unavailable` for a key that cannot sign
 */
export async function signAssertion(client: OauthClient, now: number): Promise<string> {
  const { key = "", tokenUrl, audience = tokenUrl.href, scopes } = client;
  const account = serviceAccountOf(key);
  const { issuer, subject, keyId } = account
    ? { issuer: account.email, subject: client.subject, keyId: client.keyId ?? account.keyId }
    : {
        issuer: client.clientId ?? "",
        subject: client.subject ?? client.clientId,
        keyId: client.keyId,
      };
  const privateKey = readKey(account?.privateKey ?? key);
  const seconds = Math.floor(now / 1000);
  const claims = {
    iss: issuer,
    ...(subject !== undefined && { sub: subject }),
    aud: audience,
    iat: seconds,
    exp: seconds + LIFE_SECONDS,
    jti: randomUUID(),
    // Google reads the scopes here.
    ...(scopes.length > 0 && { scope: scopes.join(" ") }),
  };
  const header = {
    alg: algorithmOf(privateKey),
    typ: "JWT",
    ...(keyId !== undefined && { kid: keyId }),
  };
  return new SignJWT(claims).setProtectedHeader(header).sign(privateKey);
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw refusal("the key cannot be read");
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  if (asymmetricKeyType === "rsa") return "RS256";
  if (asymmetricKeyType === "ec" && asymmetricKeyDetails?.namedCurve === "prime256v1")
    return "ES256";
  throw refusal("the key is neither RSA nor P-256");
}
