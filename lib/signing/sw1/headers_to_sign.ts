import { isPlainObject } from "../primitives/plain_object.ts";
import { CONTENT_LENGTH, HEADER_NAME } from "./signed_headers.ts";

/** Headers by their names, or pairs of a name and a value, as an object `Headers` or a `Map` has them. */
export type HeadersToSign = Readonly<Record<string, string>> | Iterable<readonly string[]>;

// RFC 9110, section 5.5. After a newline, a value could go on with the lines that follow in the canonical request, and the
// signature would then fit another body too.
const LINE_END = /[\0\r\n]/;

/**
 * Reads the headers that a signer signs.
 *
 * @param given headers; a name may be in upper or lower case
 * @param body the exact body if it is signed; its length is then signed too
 * @returns the values by their names in lower case, in the given order
 * @throws TypeError when `given` is neither a plain object nor a list of pairs, a name is invalid or given twice, or a
 *   value is no text or contains CR, LF or NUL. No message contains a value
 */
export function headersToSign(
  given: HeadersToSign,
  body: Uint8Array | undefined,
): Map<string, string> {
  const signed = new Map<string, string>();
  for (const [written, value] of pairsOf(given)) {
    const name = `${written}`.toLowerCase();
    if (!HEADER_NAME.test(name) || signed.has(name)) {
      throw new TypeError(`invalid or repeated header name: ${JSON.stringify(written)}`);
    }
    if (typeof value !== "string" || LINE_END.test(value)) {
      throw new TypeError(`invalid value of the header ${name}`);
    }
    signed.set(name, value);
  }
  if (body) signed.set(CONTENT_LENGTH, String(body.length));
  return signed;
}

function pairsOf(given: HeadersToSign): Iterable<readonly (string | undefined)[]> {
  if (Symbol.iterator in given) return given as Iterable<readonly string[]>;
  // The members of another object may be inherited, and none of them would be signed.
  if (!isPlainObject(given)) throw new TypeError("headers must be a plain object or pairs");
  return Object.entries(given);
}
