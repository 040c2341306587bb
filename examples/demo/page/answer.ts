import { appendMessage, appendProblem, changeLog } from "./conversation_log.ts";
import { problemOf } from "./problem.ts";
import { showStep } from "./steps.ts";
import { formatTimeSince } from "./time.ts";

/** A piece of an answer, as the API streams it. */
interface Piece {
  choices: readonly { delta: { content?: string | null } }[];
}

/**
 * Shows an answer, token by token.
 *
 * @param pending the answer, once it begins
 * @param signal that ends it
 * @returns its text
 * @throws the reason of the signal; errors of the client
 */
export async function showAnswer(
  pending: PromiseLike<AsyncIterable<Piece>>,
  signal: AbortSignal,
): Promise<string> {
  const start = performance.now();
  const pieces = await pending;
  showStep("verify", "done", "let it pass");
  showStep("stream", "active", "streams the answer");
  const answer = appendMessage("answer", "");
  let count = 0;
  for await (const { choices } of pieces) {
    const text = choices[0]?.delta.content;
    if (!text) continue;
    changeLog(() => answer.append(text));
    if (++count === 1) showStep("stream", "active", `first word after ${formatTimeSince(start)}`);
  }
  // The client ends an answer that is aborted as if it were complete.
  signal.throwIfAborted();
  showStep("stream", "done", `${count} tokens in ${formatTimeSince(start)}`);
  return answer.textContent;
}

/**
 * Shows the refusal of a request.
 *
 * @param work sends the request, and shows the answer
 * @param card what the card says beside the refusal
 * @throws everything but a refusal
 */
export async function showRefusal(
  work: () => Promise<void>,
  card: () => { credential: string; reason?: string },
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const problem = problemOf(error);
    if (!problem) throw error;
    showStep(problem.isGateways ? "verify" : "stream", "refused", `refused: ${problem.code}`);
    appendProblem({ ...problem, ...card() });
  }
}
