import type { CauseCode } from "./cause.ts";

/**
 * Tells whether a text is meant as an access token and not as a signed URL: it has no `://`, and either two
 * dots or the beginning of a token, which is `eyJ`.
 *
 * @param text any text, such as one that was pasted; a wrong token counts too
 */
export function isTokenLike(text: string): boolean {
  if (text.includes("://")) return false;
  return text.split(".").length === 3 || /^["'\s]{0,9}(?:bearer\s{1,9})?["']?eyJ/i.test(text);
}

/** Text that may surround or spoil a token, with its replacement. */
const SPOILERS: readonly (readonly [code: CauseCode, pattern: RegExp, replacement: string])[] = [
  ["token_quoted", /["'`]/g, ""],
  ["token_bearer", /^(?:Authorization: *)?Bearer /i, ""],
  ["token_whitespace", /[\s\u200b]/g, ""],
  ["token_padded", /=(?=[=.]|$)/g, ""],
  ["token_alphabet", /\+/g, "-"],
  ["token_alphabet", /\//g, "_"],
];

/**
 * Repairs the text of a token.
 *
 * @param text any text
 * @returns the token, and the mistakes that were repaired
 */
export function repairToken(text: string): { token: string; codes: readonly CauseCode[] } {
  const codes = new Set<CauseCode>();
  let token = text;
  for (const [code, pattern, replacement] of SPOILERS) {
    const repaired = token.replace(pattern, replacement);
    if (repaired !== token) codes.add(code);
    token = repaired;
  }
  return { token, codes: [...codes] };
}
