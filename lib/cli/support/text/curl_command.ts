import type { RequestToSign } from "../signing/request_to_sign.ts";
import { quoteWord } from "./quote_word.ts";

/**
 * Writes the curl command that sends a signed request.
 *
 * @param url the signed URL
 * @param request the request that was signed
 * @returns one command for a POSIX shell, without a newline at the end; a body may contain newlines
 */
export function curlCommand(url: string, { method, headers, body }: RequestToSign): string {
  const words = ["curl"];
  // With --request HEAD, curl would wait for the body of the response.
  if (method === "HEAD") words.push("--head");
  else words.push("--request", method);
  for (const [name, value] of Object.entries(headers)) {
    // For curl, "Name:" removes a header, and "Name;" sends it with an empty value.
    words.push("--header", value === "" ? `${name};` : `${name}: ${value}`);
  }
  if (body?.text !== undefined) words.push("--data-raw", body.text);
  // "@-" would read stdin.
  if (body?.file !== undefined) words.push("--data-binary", `@${body.file.replace(/^-$/, "./-")}`);
  // Without --globoff, curl expands brackets and braces in a URL.
  if (/[[\]{}]/.test(url)) words.push("--globoff");
  return [...words, url].map(quoteWord).join(" ");
}
