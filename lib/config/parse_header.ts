import type { InjectedHeader } from "../gateway/model/rule.ts";

// RFC 9110, sections 5.1 and 5.5.
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

// RFC 9110, section 11.1. A reference to an empty variable leaves only the scheme of the credentials.
const SCHEME_ALONE = /^(basic|bearer|token)$/i;

const FRAMING =
  /^(connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

/**
 * Whether a text is a valid header name (RFC 9110, section 5.1).
 *
 * @param text any text
 */
export function isHeaderName(text: string): boolean {
  return NAME.test(text);
}

/**
 * Whether a header describes a single message or connection, so that each sender sets it by itself
 * (RFC 9110, section 7.6.1).
 *
 * @param name the name of the header, in any case
 */
export function isFramingHeader(name: string): boolean {
  return FRAMING.test(name);
}

/**
 * Parses a header to inject.
 *
 * @param text the header in the form `Name: value`
 * @returns the header; or the mistake, as the end of a sentence that begins with the header's place. It
 *   does not contain the value, which is probably a secret.
 */
export function parseHeader(text: string): InjectedHeader | string {
  const colon = text.indexOf(":");
  const name = text.slice(0, Math.max(colon, 0)).trim();
  const value = text.slice(colon + 1).trim();
  if (!isHeaderName(name)) return "must have the form 'Name: value' with a valid header name";
  if (isFramingHeader(name)) return "is not allowed: the gateway sets it by itself";
  if (value === "") return "has an empty value";
  if (SCHEME_ALONE.test(value)) return "has a scheme without credentials after it";
  if (!VALUE.test(value)) return "has a value with characters that no header may have";
  return [name, value];
}
