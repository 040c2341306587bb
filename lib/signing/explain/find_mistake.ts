import { type Attempt, isSigned } from "./attempt.ts";
import type { CauseCode } from "./cause.ts";
import type { Surroundings } from "./mistake.ts";
import { mistakesInBody } from "./mistakes_in_body.ts";
import { mistakesInQuery } from "./mistakes_in_query.ts";
import { mistakesInRequest } from "./mistakes_in_request.ts";
import { mistakesInSecret } from "./mistakes_in_secret.ts";

/** A mistake with which the signature would be right. */
export interface FoundMistake {
  code: CauseCode;
  change: Partial<Attempt>;
  detail?: string | undefined;
}

/**
 * Finds the one usual mistake that makes the signature right.
 *
 * @param attempt the request as it is, whose signature is wrong
 * @param surroundings what else may have been signed
 * @returns `undefined` when it is none of them, or more than one at once
 */
export async function findMistake(
  attempt: Attempt,
  surroundings: Surroundings,
): Promise<FoundMistake | undefined> {
  for (const mistakes of [mistakesInSecret, mistakesInRequest, mistakesInBody, mistakesInQuery]) {
    for (const [code, change, detail] of mistakes(attempt, surroundings)) {
      if (await isSigned({ ...attempt, ...change })) return { code, change, detail };
    }
  }
  return undefined;
}
