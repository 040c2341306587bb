/** The reasons that providers give. Any other text could be content, so it counts as `other`. */
const KNOWN: ReadonlySet<string> = new Set([
  // OpenAI and Azure: https://platform.openai.com/docs/api-reference/chat/object
  ...["stop", "length", "content_filter", "tool_calls", "function_call"],
  // Anthropic and Bedrock: https://docs.anthropic.com/en/api/handling-stop-reasons
  ...["end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal"],
  ...["model_context_window_exceeded", "guardrail_intervened", "content_filtered"],
  // Google: https://ai.google.dev/api/generate-content#FinishReason
  ...["STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "LANGUAGE", "OTHER", "BLOCKLIST"],
  ...["PROHIBITED_CONTENT", "SPII", "MALFORMED_FUNCTION_CALL", "IMAGE_SAFETY"],
]);

// Inside a text of JSON, the quotes would be escaped.
const REASON =
  /"(?:finish_reason|finishReason|stop_reason|stopReason)"\s{0,8}:\s{0,8}"(\w{1,64})"/g;

/** The longest text that {@link REASON} matches, which two pieces may share. */
const LONGEST = 128;

/** More answers than this have no request. */
const MAX_REASONS = 16;

const decoder = new TextDecoder("latin1");

/** Finds why a model stopped, in the pieces of its answer while they pass by. Nothing else of them is kept. */
export class FinishReasons {
  #rest = "";
  readonly #found: string[] = [];

  /** @param piece of the body: JSON, or events with JSON */
  read(piece: Uint8Array): void {
    const text = this.#rest + decoder.decode(piece);
    let end = 0;
    for (const match of text.matchAll(REASON)) {
      end = match.index + match[0].length;
      const reason = match[1]!;
      if (this.#found.length < MAX_REASONS) this.#found.push(KNOWN.has(reason) ? reason : "other");
    }
    this.#rest = text.slice(Math.max(end, text.length - LONGEST));
  }

  /** The reasons, in their order; `undefined` when there were none. */
  get all(): readonly string[] | undefined {
    return this.#found.length > 0 ? this.#found : undefined;
  }
}
