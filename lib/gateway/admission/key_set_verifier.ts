import { type ParsedToken, TokenError } from "../../signing/verify.ts";
import { isKeyUnknown, isSignedBy, type KeySet, keysFor } from "./key_set.ts";
import { KeptKeySet, type KeptKeySetOptions } from "./kept_key_set.ts";

/** Verifies tokens with the keys of an identity provider. */
export interface KeySetVerifier {
  /**
   * Verifies the signature of a token, but not its claims.
   *
   * @throws TokenError `token_signature_mismatch`
   * @throws GatewayError `keys_unavailable`
   */
  verify: (token: ParsedToken) => Promise<void>;
}

/**
 * Creates a verifier of tokens with a key set (RFC 7517). Nothing is fetched before the first token.
 *
 * @param options the algorithms, how the key set is fetched, and the clock
 */
export function createKeySetVerifier(options: KeptKeySetOptions): KeySetVerifier {
  const kept = new KeptKeySet(options);
  const names: readonly string[] = options.algorithms;

  async function keySetFor({ header }: ParsedToken): Promise<KeySet> {
    const before = kept.last;
    const keySet = await kept.current();
    // A set that was fetched just now is complete, so there is no need to fetch it again.
    if (keySet !== before || !isKeyUnknown(keySet, header)) return keySet;
    return kept.afterUnknownKey();
  }

  return {
    async verify(token) {
      const { header, issuer } = token;
      const mismatch = (claim?: string) =>
        new TokenError("token_signature_mismatch", { issuer, ...(claim && { claim }) });
      if (!names.includes(header.algorithm)) throw mismatch("header.alg");
      const keys = keysFor(await keySetFor(token), header);
      if (keys.length === 0) throw mismatch("header.kid");
      for (const key of keys) {
        if (await isSignedBy(key, token)) return;
      }
      throw mismatch();
    },
  };
}
