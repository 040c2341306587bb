import { SignatureError } from "../../signing/verify.ts";
import { explainUrl } from "../../signing/explain.ts";
import type { Bytes } from "../body/relay.ts";

/** What a refused request was, as far as its signature speaks of it. */
export interface RefusedRequest {
  request: Request;
  /** The path that was verified, and the query, as the client wrote them. */
  path: string;
  query: string;
  /** The signed body, if it was read. */
  body: Bytes | undefined;
  secrets: readonly string[];
  now: (() => number) | undefined;
  publicPath: string;
}

// The engine hashes the body once for each mistake that it tries.
const MAX_BODY = 65_536;

/**
 * Adds to a signature that does not match which usual mistake it is likely to be: for development.
 * What differs between two secrets is never told.
 *
 * @param error what the verifier threw
 * @param refused the request, and the secrets of its app
 * @returns the same error, or one that names the mistake
 */
export async function withLikelyMistake(error: unknown, refused: RefusedRequest): Promise<unknown> {
  if (!(error instanceof SignatureError) || error.code !== "signature_mismatch") return error;
  const { request, path, query, body, secrets, now, publicPath } = refused;
  if (body && body.length > MAX_BODY) return error;
  const { causes } = await explainUrl(`http://gateway.invalid${path}?${query}`, {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    secrets,
    publicPath,
    ...(body && { body }),
    ...(now && { now: new Date(now()) }),
  });
  const cause = causes.find(({ code }) => code !== "unknown" && !code.startsWith("secret_"));
  if (!cause) return error;
  const { code, sentence, remedy } = cause;
  return new SignatureError(error.code, { ...error.details, mistake: { code, sentence, remedy } });
}
