import { type Cause, causeOf } from "./cause.ts";
import type { Explanation } from "./explanation.ts";
import { findMistake } from "./find_mistake.ts";
import { type Hypothesis, isSignedAs } from "./hypothesis.ts";
import type { MistakeContext } from "./mistake.ts";

/** A request to a signed URL, as far as it is known. */
export interface ReceivedRequest {
  /** What a verifier would compute the signature from. */
  hypothesis: Hypothesis;
  /** The signed headers that the request lacks. */
  missingHeaders: readonly string[];
  /** Whether somebody said which method the request has. */
  isMethodKnown: boolean;
  /** What else may have been signed. */
  context: MistakeContext;
}

/** The result of {@link checkSignature}. */
export interface CheckedSignature {
  signature: Explanation["signature"];
  /** The mistake that makes the signature wrong. */
  cause?: Cause;
  /** What was signed, as far as it could be found out. */
  hypothesis: Hypothesis;
}

/**
 * Checks the signature of a request, and finds the usual mistake that makes it wrong.
 *
 * @param request the request, with the secrets that may have signed it
 * @returns `unchecked` without a secret
 */
export async function checkSignature(request: ReceivedRequest): Promise<CheckedSignature> {
  const { hypothesis, missingHeaders, isMethodKnown, context } = request;
  if (hypothesis.secrets.length === 0) return { signature: "unchecked", hypothesis };
  const isComplete = missingHeaders.length === 0;
  if (isComplete && (await isSignedAs(hypothesis))) return { signature: "right", hypothesis };
  const mistake = await findMistake(hypothesis, context);
  if (!mistake) {
    // A missing header is a cause already, and enough of one.
    return { signature: "wrong", hypothesis, ...(isComplete && { cause: causeOf("unknown") }) };
  }
  const [code, change, detail] = mistake;
  // A method that was only assumed is no mistake: the request is taken to have the signed one.
  if (code === "method_differs" && !isMethodKnown) {
    return { signature: "right", hypothesis: { ...hypothesis, ...change } };
  }
  return { signature: "wrong", cause: causeOf(code, detail), hypothesis };
}
