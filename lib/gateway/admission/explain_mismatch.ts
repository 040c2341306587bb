import { explainUrl } from "../../signing/explain.ts";
import { SignatureError } from "../../signing/verify.ts";
import type { InboundRequest } from "../inbound.ts";

/** What {@link explainMismatch} knows of a refused request beyond the request itself. */
export interface MismatchOptions {
  /** The path that was verified, as the client wrote it. */
  path: string;
  /** The secrets of the app that the URL names. */
  secrets: readonly string[];
  publicPath: string;
  /** The current time in milliseconds since the epoch. */
  now: (() => number) | undefined;
}

// The engine hashes the body once for each mistake that it tries.
const MAX_BODY = 65_536;

/**
 * Adds to a signature that does not match the usual mistake that it is likely to be: for development.
 * It never tells how two secrets differ.
 *
 * @param error what the verifier threw
 * @param inbound the refused request
 * @param options the path, and the secrets of the app
 * @returns the same error, or one that names the mistake
 */
export async function explainMismatch(
  error: unknown,
  { request, target, body: { known: body } }: InboundRequest,
  { path, secrets, publicPath, now }: MismatchOptions,
): Promise<unknown> {
  if (!(error instanceof SignatureError) || error.code !== "signature_mismatch") return error;
  if (body && body.length > MAX_BODY) return error;
  const { causes } = await explainUrl(`http://gateway.invalid${path}?${target.query}`, {
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
