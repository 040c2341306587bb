import { PolicyError } from "../problem/policy_error.ts";

/** The most evaluations of all schemas of a request. */
export const MAX_EVALUATIONS = 100_000;

/** The work that the policies of a request may cause. */
export class Budget {
  #left = MAX_EVALUATIONS;

  /**
   * Takes from the budget.
   *
   * @param evaluations how many; a fraction for work that is less than the evaluation of a schema
   * @throws PolicyError `policy_violation` when nothing is left
   */
  spend(evaluations: number): void {
    this.#left -= evaluations;
    if (this.#left < 0) throw tooMuch("needs too many evaluations of a schema");
  }
}

/**
 * Creates the error for a body that is too costly to check.
 *
 * @param what the body does, as the predicate of a sentence
 */
export function tooMuch(what: string): PolicyError {
  const detail = `The body ${what}. Send a smaller or simpler one.`;
  return new PolicyError("policy_violation", { detail, reason: "too much work" });
}
