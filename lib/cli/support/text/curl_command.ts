import type { RequestToSign } from "../signing/request_to_sign.ts";

/**
 * Writes the command that sends a signed request with curl.
 *
 * @param url the signed URL
 * @param request the request that was signed
 * @returns one command for a POSIX shell; a body with newlines spans lines
 */
export function curlCommand(url: string, { method, headers, body }: RequestToSign): string {
  const words = ["curl"];
  // curl waits for the body of an answer to HEAD, unless it knows that the method is HEAD.
  if (method === "HEAD") words.push("--head");
  else words.push("--request", method);
  for (const [name, value] of Object.entries(headers)) {
    // "Name:" would remove the header.
    words.push("--header", value === "" ? `${name};` : `${name}: ${value}`);
  }
  if (body?.text !== undefined) words.push("--data-raw", body.text);
  // "@-" is the standard input.
  if (body?.file !== undefined) words.push("--data-binary", `@${body.file.replace(/^-$/, "./-")}`);
  // Brackets and braces are patterns to curl.
  if (/[[\]{}]/.test(url)) words.push("--globoff");
  return [...words, url].map(quoteWord).join(" ");
}

/** Quotes a word for a POSIX shell (Shell Command Language, section 2.2.2), if that is necessary. */
function quoteWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
