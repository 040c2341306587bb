import { explainUrl } from "../../signing/explain.ts";
import { SignatureError } from "../../signing/verify.ts";
import type { InboundRequest } from "../inbound.ts";

/** Settings of {@link explainMismatch}. */
export interface MismatchOptions {
  /** The path that was verified, as the client wrote it. */
  path: string;
  /** The secrets of the app that the URL names. */
  secrets: readonly string[];
  publicPath: string;
  /** The current time in milliseconds since the epoch. */
  now: (() => number) | undefined;
}

// The body is hashed once for each mistake that is tried.
const MAX_BODY = 65_536;

/**
 * Adds the likely mistake to the error of a wrong signature, for development. It never reveals how two
 * secrets differ.
 *
 * @param error the error of the verifier
 * @param inbound the refused request
 * @param options the path, the secrets of the app, the public path and the clock
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
