import { signToken } from "../../../signing/mod.ts";
import type { Signer } from "../signing/signer.ts";

const EXPIRES = 60;

/**
 * Signs a token for one target.
 *
 * @param signer whose secret has at least 32 bytes
 * @param target with its methods, as in `to`
 */
export async function signedToken(
  { id, secret, audience, maxExpires }: Signer,
  target: string,
): Promise<string> {
  return await signToken({
    ...{ id, secret, expires: Math.min(EXPIRES, maxExpires) },
    ...{ subject: "signway-doctor", to: [target] },
    ...(audience !== undefined && { audience }),
  });
}
