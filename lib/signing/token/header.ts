import type { JsonObject } from "../primitives/json_value.ts";
import { malformed } from "./token_error.ts";

/** The header of a token (RFC 7515, section 4). */
export interface TokenHeader {
  /** `alg`, not yet compared with the algorithm of the issuer. */
  algorithm: string;
  /** `kid`, the name of the key. */
  keyId?: string;
}

// They name a key or change the bytes that are signed. An attacker could choose the key with them.
const REFUSED_MEMBERS = ["crit", "jku", "jwk", "x5u", "x5c", "b64", "zip"];

const TYPES: readonly unknown[] = [undefined, "JWT", "at+jwt"];

/**
 * Reads the header of a token.
 *
 * @param header as it was parsed
 * @throws TokenError `token_malformed` for a wrong type, another `typ` than `JWT` and `at+jwt`, and a member
 *   that is refused
 */
export function parseTokenHeader(header: JsonObject): TokenHeader {
  const { alg, typ, kid } = header;
  const refused = REFUSED_MEMBERS.find((name) => header[name] !== undefined);
  if (refused !== undefined) throw malformed(`header.${refused}`, "is refused");
  if (typeof alg !== "string") throw malformed("header.alg", "is not a text");
  if (!TYPES.includes(typ)) throw malformed("header.typ", "is not JWT or at+jwt");
  if (kid === undefined) return { algorithm: alg };
  if (typeof kid !== "string") throw malformed("header.kid", "is not a text");
  return { algorithm: alg, keyId: kid };
}
