import { type Cause, causeOf } from "./cause.ts";
import type { Explanation } from "./explanation.ts";
import { findMistake } from "./find_mistake.ts";
import { type Hypothesis, isSignedAs } from "./hypothesis.ts";
import type { MistakeContext } from "./mistake.ts";

/** A request to a signed URL, for {@link checkSignature}. */
export interface ReceivedRequest {
  /** The content from which a verifier computes the signature. */
  hypothesis: Hypothesis;
  /** The signed headers that the request lacks. */
  missingHeaders: readonly string[];
  /** Whether the method comes from a real request. Otherwise it is an assumption. */
  isMethodKnown: boolean;
  /** Everything else that may have been signed. */
  context: MistakeContext;
}

/** The result of {@link checkSignature}. */
export interface CheckedSignature {
  signature: Explanation["signature"];
  /** The mistake that makes the signature wrong, if one was found. */
  cause?: Cause;
  /** The request. If its method was only assumed, it now has the signed method. */
  hypothesis: Hypothesis;
}

/**
 * Checks the signature of a request, and finds the common mistake that makes it wrong.
 *
 * @param request the request, with the secrets that may have signed it
 * @returns the result; its `signature` is `unchecked` when there is no secret
 */
export async function checkSignature(request: ReceivedRequest): Promise<CheckedSignature> {
  const { hypothesis, missingHeaders, isMethodKnown, context } = request;
  if (hypothesis.secrets.length === 0) return { signature: "unchecked", hypothesis };
  const isComplete = missingHeaders.length === 0;
  if (isComplete && (await isSignedAs(hypothesis))) return { signature: "right", hypothesis };
  const mistake = await findMistake(hypothesis, context);
  if (!mistake) {
    // A missing header is reported already, and explains the signature.
    return { signature: "wrong", hypothesis, ...(isComplete && { cause: causeOf("unknown") }) };
  }
  const [code, change, detail] = mistake;
  // An assumed method is not a mistake: the real request will have the signed one.
  if (code === "method_differs" && !isMethodKnown) {
    return { signature: "right", hypothesis: { ...hypothesis, ...change } };
  }
  return { signature: "wrong", cause: causeOf(code, detail), hypothesis };
}
