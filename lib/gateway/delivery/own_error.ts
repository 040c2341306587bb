/** The most bytes of an error that is read. */
export const MAX_ERROR = 65_536;

// A proxy in front of the API answers with these when it does not know what became of the request. Cloudflare uses 520 to 527:
// https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
const OF_PROXIES: readonly number[] = [408, 499, 504, 520, 521, 522, 523, 524, 527, 598, 599];

/** Whether an API that answers with a status may have done nothing that it bills. */
export function mayBeUnbilled(status: number): boolean {
  return status >= 400 && !OF_PROXIES.includes(status);
}

// Azure bills the prompt that a filter refuses.
// https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter
const OF_FILTERS: readonly unknown[] = ["contentfilter", "responsibleaipolicyviolation"];

/** How deep errors of a filter are looked for. */
const MOST_INNER = 4;

/** The members by which a body is an answer, or reports what is billed. */
const OF_ANSWERS = ["usage", "usageMetadata", "choices", "candidates", "content", "output"];

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
 * it, and not one of a content filter. Its form is a JSON object whose `error` has a `message`, or, below 500, is a text. Where
 * Gemini streams a JSON array, the object is its only element. Bedrock names the error in the head, and its object has only a
 * `message`. An object that also has an answer is not such an error.
 *
 * @param body the whole body
 * @param head the status, and whether it has named the error
 */
export function isUnbilledError(
  body: Uint8Array,
  { status, isNamed }: { status: number; isNamed: boolean },
): boolean {
  try {
    const document: unknown = JSON.parse(new TextDecoder().decode(body));
    // Refusals of the signature write it with a capital.
    if (isNamed) return [memberOf(document, "message"), memberOf(document, "Message")].some(isText);
    const [only, ...others] = Array.isArray(document) ? document : [document];
    const error = memberOf(only, "error");
    if (others.length > 0 || OF_ANSWERS.some((name) => (memberOf(only, name) ?? null) !== null))
      return false;
    // That of a proxy may be a text, too.
    const isOwn = isText(memberOf(error, "message")) || (status < 500 && isText(error));
    return isOwn && !isOfFilter(error, MOST_INNER);
  } catch {
    return false;
  }
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isOfFilter(error: unknown, deep: number): boolean {
  const names = [memberOf(error, "code"), memberOf(error, "type")];
  if (names.some((name) => OF_FILTERS.includes(withoutSpelling(name)))) return true;
  const inner = [memberOf(error, "innererror"), memberOf(error, "inner_error")];
  return deep > 0 && inner.some((it) => it !== undefined && isOfFilter(it, deep - 1));
}

function withoutSpelling(code: unknown): unknown {
  return typeof code === "string" ? code.replace(/[^a-z]/gi, "").toLowerCase() : code;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
