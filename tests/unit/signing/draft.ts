import { SignatureError, verifyUrl, type VerifyOptions } from "../../../lib/signing/verify.ts";
import {
  type Dialect,
  DIALECTS,
  referenceCanonical,
  referenceSignature,
  referenceText,
} from "./reference.ts";

/** When the drafts are signed, and where the clock of the verifier stands. */
export const SIGNED_AT = Date.parse("2026-11-22T09:08:07Z");

/** The secret of every app. */
export const SECRET = "the secret of the tests";

/** A request of which tests change one thing at a time. */
export interface TestRequest {
  method: string;
  path: string;
  query: string;
  headers: Pick<Headers, "get">;
  body: Uint8Array<ArrayBuffer>;
  /** Default: gives the body. */
  readBody?: () => Promise<Uint8Array<ArrayBuffer>>;
}

/** What is signed, however odd. */
export interface Draft {
  /** Default: `GET`. */
  method?: string;
  /** Default: `/`. */
  path?: string;
  /** Values in place of the usual ones, not encoded. */
  parameters?: Readonly<Record<string, string>>;
  /** Signed and sent. Default: none. */
  headers?: Readonly<Record<string, string>>;
  /** Signed and sent. Default: the body is not signed. */
  body?: string | Uint8Array;
  /** Default: {@link SECRET}. */
  secret?: string;
  /** Default: `rfc3986`. */
  dialect?: Dialect;
}

/**
 * Signs a draft rightly, also where a careful signer would refuse to: what is refused then is
 * refused for its own sake, and not because the signature is wrong.
 */
export function signedRequest(draft: Draft = {}): TestRequest {
  const { method = "GET", path = "/", secret = SECRET, dialect = "rfc3986" } = draft;
  const body = draft.body === undefined ? undefined : new Uint8Array(Buffer.from(draft.body));
  const values = lowerCased(draft.headers ?? {});
  if (body) values.set("content-length", String(body.length));
  const parameters = {
    "X-Sw-Algorithm": "SW1-HMAC-SHA256",
    "X-Sw-Credential": "my-id/20261122",
    "X-Sw-Date": "20261122T090807Z",
    "X-Sw-Expires": "60",
    "X-Sw-Proxy": "https://api.example.com/get",
    "X-Sw-SignedHeaders": [...values.keys()].join(";"),
    "X-Sw-Body": String(body !== undefined),
    ...draft.parameters,
  };
  const pairs = Object.entries(parameters).map(
    ([name, value]) => `${name}=${DIALECTS[dialect](value)}`,
  );
  const names = parameters["X-Sw-SignedHeaders"].split(";");
  const signed = parameters["X-Sw-SignedHeaders"] === "" ? [] : names;
  const canonical = referenceCanonical({
    method,
    path,
    pairs,
    headers: signed.map((name) => [name, values.get(name.toLowerCase()) ?? ""] as const),
    body,
  });
  const date = parameters["X-Sw-Date"];
  const signature = referenceSignature(referenceText(canonical, date), secret, date.slice(0, 8));
  return {
    method,
    path,
    query: [...pairs, `X-Sw-Signature=${signature}`].join("&"),
    headers: new Headers([...values]),
    body: body ?? new Uint8Array(),
  };
}

/** Verifies with the clock at {@link SIGNED_AT}, and the one secret for whichever app. */
export function verify(request: TestRequest, options: Partial<VerifyOptions> = {}) {
  return verifyUrl(
    { readBody: () => Promise.resolve(request.body), ...request },
    { findSecrets: () => [SECRET], now: () => SIGNED_AT, ...options },
  );
}

/** The code of the refusal, or `accepted`. Whatever is thrown besides is thrown on. */
export async function outcomeOf(
  request: TestRequest,
  options: Partial<VerifyOptions> = {},
): Promise<string> {
  try {
    await verify(request, options);
    return "accepted";
  } catch (error) {
    if (error instanceof SignatureError) return error.code;
    throw error;
  }
}

/** The same request with a parameter's raw value replaced, or the parameter taken away. */
export function withParameter(
  request: TestRequest,
  name: string,
  change: (raw: string) => string | undefined,
): TestRequest {
  const pairs = request.query.split("&").flatMap((pair) => {
    if (!pair.startsWith(`${name}=`)) return [pair];
    const raw = change(pair.slice(name.length + 1));
    return raw === undefined ? [] : [`${name}=${raw}`];
  });
  return { ...request, query: pairs.join("&") };
}

function lowerCased(headers: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
