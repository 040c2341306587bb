import { decodeForm } from "./encoding.ts";
import { SignatureError } from "./signature_error.ts";

/** The one algorithm of the protocol. */
export const ALGORITHM = "SW1-HMAC-SHA256";

/** The parameters of a signed URL, in the order of the canonical query. */
export const SIGNED_PARAMETERS = [
  "X-Sw-Algorithm",
  "X-Sw-Body",
  "X-Sw-Credential",
  "X-Sw-Date",
  "X-Sw-Expires",
  "X-Sw-Proxy",
  "X-Sw-SignedHeaders",
] as const;

/** The parameter that carries the signature over all the others. */
export const SIGNATURE_PARAMETER = "X-Sw-Signature";

const NAMES = [...SIGNED_PARAMETERS, SIGNATURE_PARAMETER] as const;
// Each name leads to itself: to index an object with a piece of the query is several times as slow as
// with a name that stands in the program.
const KNOWN: ReadonlyMap<string, ParameterName> = new Map(NAMES.map((name) => [name, name]));

/** The name of a parameter of a signed URL. */
export type ParameterName = (typeof NAMES)[number];

/** The value of each parameter, each of them exactly once. */
export type Parameters = Readonly<Record<ParameterName, string>>;

/** A query string taken apart: values as they were received, and decoded. */
export interface PresignedQuery {
  raw: Parameters;
  decoded: Parameters;
}

/** Whether a query asks to be handled as a signed URL, well formed or not. */
export function isPresigned(query: string): boolean {
  return query.includes(`${SIGNED_PARAMETERS[0]}=`);
}

/**
 * Takes the query of a signed URL apart. Parameters of other names have no effect and are ignored;
 * other spellings of the protocol's own names are refused.
 *
 * @param query the raw query string without `?`
 * @throws SignatureError `signature_missing`, `parameter_missing`, `parameter_repeated`,
 *   `parameter_unknown`, `parameter_malformed`
 */
export function parsePresignedQuery(query: string): PresignedQuery {
  const raw: Partial<Record<ParameterName, string>> = {};
  const decoded: Partial<Record<ParameterName, string>> = {};
  for (const pair of query.split("&")) {
    const equals = pair.indexOf("=");
    const written = equals < 0 ? pair : pair.slice(0, equals);
    const name = KNOWN.get(written);
    if (name === undefined) {
      assertForeign(written);
      continue;
    }
    if (raw[name] !== undefined) {
      throw new SignatureError("parameter_repeated", { parameter: name });
    }
    const value = equals < 0 ? "" : pair.slice(equals + 1);
    raw[name] = value;
    decoded[name] = decodeValue(name, value);
  }
  assertComplete(raw);
  return { raw: raw as Parameters, decoded: decoded as Parameters };
}

function assertForeign(name: string): void {
  let decoded: string;
  try {
    decoded = decodeForm(name);
  } catch {
    throw new SignatureError("parameter_malformed");
  }
  if (/^\s*x[-_]sw[-_]/i.test(decoded)) throw new SignatureError("parameter_unknown");
}

function decodeValue(parameter: string, value: string): string {
  try {
    return decodeForm(value);
  } catch {
    throw new SignatureError("parameter_malformed", { parameter });
  }
}

function assertComplete(raw: Readonly<Partial<Record<ParameterName, string>>>): void {
  if (!raw[SIGNATURE_PARAMETER]) throw new SignatureError("signature_missing");
  for (const parameter of SIGNED_PARAMETERS) {
    if (raw[parameter] === undefined) throw new SignatureError("parameter_missing", { parameter });
  }
}
