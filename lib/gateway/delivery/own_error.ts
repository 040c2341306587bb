/** The most bytes of an error that is read. */
export const MAX_ERROR = 65_536;

// A proxy in front of the API answers with these when it does not know what became of the request.
const OF_PROXIES: readonly number[] = [408, 499, 504];

/** Whether an API that answers with a status may have done nothing that it bills. */
export function mayBeUnbilled(status: number): boolean {
  return status >= 400 && !OF_PROXIES.includes(status);
}

// Azure bills the prompt that a filter refuses.
// https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter
const OF_FILTERS: readonly unknown[] = ["contentfilter", "responsibleaipolicyviolation"];

// Bedrock has called a model, and the model has failed.
const OF_MODELS = 424;

/**
 * Whether the head of an answer of Bedrock names an error
 * (https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization).
 */
export function namesError({ status, headers }: Pick<Response, "status" | "headers">): boolean {
  return status !== OF_MODELS && headers.has("x-amzn-errortype");
}

/**
 * Whether a body is an error for which an API bills nothing: one in its own form, and not that of a proxy in front of
 * it, and not one of a content filter. Its form is a JSON object with `error`. Where Gemini streams a JSON array, the
 * object is its only element. Bedrock names the error in the head, and its object has only a `message`.
 *
 * @param body the whole body
 * @param isNamed whether the head has named the error
 */
export function isUnbilledError(body: Uint8Array, isNamed: boolean): boolean {
  try {
    const document: unknown = JSON.parse(new TextDecoder().decode(body));
    // Refusals of the signature write it with a capital.
    if (isNamed) return [memberOf(document, "message"), memberOf(document, "Message")].some(isText);
    const [only, ...others] = Array.isArray(document) ? document : [document];
    const error = memberOf(only, "error");
    return others.length === 0 && error !== undefined && error !== null && !isOfFilter(error);
  } catch {
    return false;
  }
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isOfFilter(error: unknown): boolean {
  const errors = [error, memberOf(error, "innererror"), memberOf(error, "inner_error")];
  return errors.some((it) => OF_FILTERS.includes(withoutSpelling(memberOf(it, "code"))));
}

function withoutSpelling(code: unknown): unknown {
  return typeof code === "string" ? code.replace(/[^a-z]/gi, "").toLowerCase() : code;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
