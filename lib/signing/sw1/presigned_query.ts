import { decodeForm } from "../primitives/encoding.ts";
import {
  mapParameters,
  PARAMETER_NAMES,
  type ParameterName,
  type Parameters,
  SIGNATURE_PARAMETER,
  SIGNED_PARAMETERS,
} from "./parameters.ts";
import { SignatureError, type SignatureErrorCode } from "./signature_error.ts";

/** The parameters of a signed URL, as they were received and percent-decoded. */
export interface PresignedQuery {
  raw: Parameters;
  decoded: Parameters;
}

/**
 * Whether a query belongs to a signed URL, well formed or not.
 *
 * @param query the raw query string, or the whole URL
 */
export function isPresigned(query: string): boolean {
  return query.includes("X-Sw-Algorithm=");
}

/**
 * Reads the parameters of a signed URL from its query. Parameters with other names have no effect and
 * are ignored; other spellings of the protocol's own names are refused.
 *
 * @param query the raw query string without `?`
 * @returns the values as received, and decoded
 * @throws SignatureError `signature_missing`, `parameter_missing`, `parameter_repeated`,
 *   `parameter_unknown`, `parameter_malformed`
 */
export function parsePresignedQuery(query: string): PresignedQuery {
  if (!query.isWellFormed()) throw new SignatureError("parameter_malformed");
  const raw = readInOrder(query) ?? readByName(query);
  return { raw, decoded: mapParameters(raw, decodeValue) };
}

// Only the parameters, in the order in which every published SDK writes them. One match reads such a query
// in a tenth of the time that `readByName` takes.
const IN_ORDER = new RegExp(`^${PARAMETER_NAMES.map(pairPattern).join("&")}$`);

function pairPattern(name: ParameterName): string {
  return `${name}=([^&]${name === SIGNATURE_PARAMETER ? "+" : "*"})`;
}

// Written out for the same reason as mapParameters.
function readInOrder(query: string): Parameters | undefined {
  const values = IN_ORDER.exec(query);
  if (!values) return undefined;
  return {
    "X-Sw-Algorithm": values[1]!,
    "X-Sw-Body": values[7]!,
    "X-Sw-Credential": values[2]!,
    "X-Sw-Date": values[3]!,
    "X-Sw-Expires": values[4]!,
    "X-Sw-Proxy": values[5]!,
    "X-Sw-SignedHeaders": values[6]!,
    "X-Sw-Signature": values[8]!,
  };
}

const KNOWN_NAMES: ReadonlySet<string> = new Set(PARAMETER_NAMES);

function readByName(query: string): Parameters {
  const raw: Partial<Record<string, string>> = {};
  for (const pair of query.split("&")) {
    const equals = pair.indexOf("=");
    const name = equals < 0 ? pair : pair.slice(0, equals);
    if (!KNOWN_NAMES.has(name)) assertNotReserved(name);
    else if (raw[name] !== undefined) throwSignatureError("parameter_repeated", name);
    else raw[name] = equals < 0 ? "" : pair.slice(equals + 1);
  }
  if (!raw[SIGNATURE_PARAMETER]) throw new SignatureError("signature_missing");
  const missing = SIGNED_PARAMETERS.find((name) => raw[name] === undefined);
  if (missing) throwSignatureError("parameter_missing", missing);
  return raw as Parameters;
}

/** @throws SignatureError when an unknown name starts like the names of the protocol */
function assertNotReserved(name: string): void {
  if (!/^\s*x[-_]sw[-_]/i.test(decode(name))) return;
  // The error does not repeat a name that is joined to its value: the value may be the signature.
  throwSignatureError("parameter_unknown", /^[a-z_-]{1,24}$/i.test(name) ? name : undefined);
}

// Most values have neither.
const ENCODED = /[%+]/;

function decodeValue(value: string, parameter: ParameterName): string {
  return ENCODED.test(value) ? decode(value, parameter) : value;
}

function decode(text: string, parameter?: ParameterName): string {
  try {
    return decodeForm(text);
  } catch {
    return throwSignatureError("parameter_malformed", parameter);
  }
}

function throwSignatureError(code: SignatureErrorCode, parameter?: string): never {
  throw new SignatureError(code, parameter === undefined ? {} : { parameter });
}
