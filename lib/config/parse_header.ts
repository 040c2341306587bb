import type { InjectedHeader } from "../gateway/model/rule.ts";

// RFC 9110, sections 5.1 and 5.5.
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

// RFC 9110, section 11.1. An empty variable leaves no more than the scheme of the credentials.
const SCHEME_ALONE = /^(basic|bearer|token)$/i;

const FRAMING =
  /^(connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

/**
 * Whether a text can be the name of a header (RFC 9110, section 5.1).
 *
 * @param text of any length
 */
export function isHeaderName(text: string): boolean {
  return NAME.test(text);
}

/**
 * Whether a header belongs to one message or connection, so that the sender of the message sets it
 * (RFC 9110, section 7.6.1).
 *
 * @param name in any case
 */
export function isFramingHeader(name: string): boolean {
  return FRAMING.test(name);
}

/**
 * Reads a header to inject, written `Name: value`.
 *
 * @param text as the operator wrote it
 * @returns the header, or the mistake in words, without the value: it is likely a secret
 */
export function parseHeader(text: string): InjectedHeader | string {
  const colon = text.indexOf(":");
  const name = text.slice(0, Math.max(colon, 0)).trim();
  const value = text.slice(colon + 1).trim();
  if (!isHeaderName(name)) return "is not of the form 'Name: value'";
  if (isFramingHeader(name)) return `cannot set ${name}: the gateway sets it for each message`;
  if (value === "") return `gives ${name} no value`;
  if (SCHEME_ALONE.test(value)) return `gives ${name} a scheme and no credentials after it`;
  if (!VALUE.test(value)) return `gives ${name} a value with characters that no header can hold`;
  return [name, value];
}
