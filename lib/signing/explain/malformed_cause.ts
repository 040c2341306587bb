import { type Cause, causeOf } from "./cause.ts";
import { PARAMETER_NAMES } from "../sw1/parameters.ts";
import { SignatureError } from "../sw1/signature_error.ts";

/**
 * Finds out why the query of a signed URL cannot be parsed.
 *
 * @param error the error of `parsePresignedUrl`
 * @param query the raw query string without `?`
 * @returns a common mistake that the query shows, or else the cause with the code of the error
 * @throws the error itself when it is not a SignatureError
 */
export function malformedCause(error: unknown, query: string): Cause {
  if (!(error instanceof SignatureError)) throw error;
  const { code, details } = error;
  if (!/x-sw-/i.test(query)) return causeOf("not_signed");
  if (query.includes("&amp;X-Sw-")) return causeOf("html_escaped");
  if (/X-Sw-Proxy=https?%253a/i.test(query)) return causeOf("url_encoded_twice");
  if ((/missing$/.test(code) && !query.includes("&")) || endsInsideName(query)) {
    return causeOf("url_cut");
  }
  const signature = /X-Sw-Signature=([^&]*)/.exec(query)?.[1] ?? "";
  if (details.parameter === "X-Sw-Signature" && code === "parameter_malformed") {
    if (/^[0-9a-f]{64}$/i.test(signature)) return causeOf("signature_case");
    if (/^[0-9a-f]*$/i.test(signature)) return causeOf("signature_cut");
  }
  return causeOf(code, details.parameter);
}

function endsInsideName(query: string): boolean {
  const last = query.slice(query.lastIndexOf("&") + 1);
  return PARAMETER_NAMES.some((name) => name.startsWith(last) && last.length < name.length);
}
