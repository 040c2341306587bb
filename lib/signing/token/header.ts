import type { JsonObject } from "../primitives/json_value.ts";
import { malformed } from "./token_error.ts";

/** The header of a token (RFC 7515, section 4). */
export interface TokenHeader {
  /** `alg`. Whether it is the right one, the issuer decides. */
  algorithm: string;
  /** `kid`, the name of the key. */
  keyId?: string;
}

// They name keys or change what is signed, and no token of the gateway needs them.
const REFUSED_MEMBERS = ["crit", "jku", "jwk", "x5u", "x5c", "b64", "zip"];

const TYPES: readonly unknown[] = [undefined, "JWT", "at+jwt"];

/**
 * Reads the header of a token.
 *
 * @param header as it was parsed
 * @throws TokenError `token_malformed` for a wrong type, another `typ` than `JWT` and `at+jwt`, and a member
 *   that is refused
 */
export function parseTokenHeader({ alg, typ, kid, ...others }: JsonObject): TokenHeader {
  const refused = REFUSED_MEMBERS.find((name) => Object.hasOwn(others, name));
  if (refused !== undefined) throw malformed(`header.${refused}`, "is refused");
  if (typeof alg !== "string") throw malformed("header.alg", "is not a text");
  if (!TYPES.includes(typ)) throw malformed("header.typ", "is not JWT or at+jwt");
  if (kid === undefined) return { algorithm: alg };
  if (typeof kid !== "string") throw malformed("header.kid", "is not a text");
  return { algorithm: alg, keyId: kid };
}
