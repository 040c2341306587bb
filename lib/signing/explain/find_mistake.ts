import { type Hypothesis, isSignedAs } from "./hypothesis.ts";
import type { Mistake, MistakeContext } from "./mistake.ts";
import { mistakesInBody } from "./mistakes_in_body.ts";
import { mistakesInQuery } from "./mistakes_in_query.ts";
import { mistakesInRequest } from "./mistakes_in_request.ts";
import { mistakesInSecret } from "./mistakes_in_secret.ts";

/**
 * Finds the one usual mistake without which the signature is right.
 *
 * @param received the request as it is, whose signature is wrong
 * @param context everything else that may have been signed
 * @returns `undefined` when it is none of the usual mistakes, or more than one at once
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
