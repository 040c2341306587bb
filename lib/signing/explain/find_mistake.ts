import { type Hypothesis, isSignedAs } from "./hypothesis.ts";
import type { Mistake, MistakeContext } from "./mistake.ts";
import { mistakesInBody } from "./mistakes_in_body.ts";
import { mistakesInQuery } from "./mistakes_in_query.ts";
import { mistakesInRequest } from "./mistakes_in_request.ts";
import { mistakesInSecret } from "./mistakes_in_secret.ts";

/**
 * Finds the common mistake that explains a wrong signature.
 *
 * @param received the request as received, with the wrong signature
 * @param context everything else that may have been signed
 * @returns the mistake; `undefined` when no single common mistake explains the signature
 */
export async function findMistake(
  received: Hypothesis,
  context: MistakeContext,
): Promise<Mistake | undefined> {
  for (const list of [mistakesInSecret, mistakesInRequest, mistakesInBody, mistakesInQuery]) {
    for (const mistake of list(received, context)) {
      const [, change] = mistake;
      if (await isSignedAs({ ...received, ...change })) return mistake;
    }
  }
  return undefined;
}
