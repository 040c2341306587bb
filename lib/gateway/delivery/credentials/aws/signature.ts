import type { AwsKeys, AwsSigning } from "../../../model/aws_signing.ts";
import { canonicalRequest, type SignableRequest } from "./canonical_request.ts";

const ALGORITHM = "AWS4-HMAC-SHA256";

/** Where and when a signature is valid. */
export interface SignatureScope extends Pick<AwsSigning, "region" | "service"> {
  /** The time of signing, as `YYYYMMDDTHHMMSSZ`. */
  date: string;
}

/**
 * The value of `Authorization` for a request, by AWS Signature Version 4.
 *
 * @param request with all headers that it is sent with, `host` and `x-amz-date` included
 * @param scope where and when the signature is valid
 * @param keys of the account
 */
export async function authorizationOf(
  request: SignableRequest,
  scope: SignatureScope,
  keys: AwsKeys,
): Promise<string> {
  const { text, signedHeaders } = canonicalRequest(request, scope.service);
  const credentialScope = [scope.date.slice(0, 8), scope.region, scope.service, "aws4_request"];
  const stringToSign = [
    ALGORITHM,
    scope.date,
    credentialScope.join("/"),
    await sha256Hex(bytesOf(text)),
  ].join("\n");
  const signature = await hmac(await signingKey(keys, credentialScope), stringToSign);
  const fields = [
    `Credential=${keys.accessKeyId}/${credentialScope.join("/")}`,
    `SignedHeaders=${signedHeaders}`,
    `Signature=${signature.toHex()}`,
  ];
  return `${ALGORITHM} ${fields.join(", ")}`;
}

/** A character of a header is a byte, as it is sent. Everything else is ASCII. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/**
 * The SHA-256 of bytes, in hex.
 *
 * @param bytes such as the body of a request
 */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

// A key is the same for a day.
const signingKeys = new WeakMap<AwsKeys, { scope: string; key: Promise<CryptoKey> }>();

function signingKey(keys: AwsKeys, scope: readonly string[]): Promise<CryptoKey> {
  const name = scope.join("/");
  const known = signingKeys.get(keys);
  if (known?.scope === name) return known.key;
  const key = deriveKey(keys, scope);
  signingKeys.set(keys, { scope: name, key });
  return key;
}

async function deriveKey({ secretAccessKey }: AwsKeys, scope: readonly string[]) {
  let key = await importKey(new TextEncoder().encode(`AWS4${secretAccessKey}`));
  for (const part of scope) key = await importKey(await hmac(key, part));
  return key;
}

function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

async function hmac(key: CryptoKey, text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text)));
}
