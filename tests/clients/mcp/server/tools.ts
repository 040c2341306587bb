import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** The inputs of the tools. */
export const INPUTS = {
  echo: { text: z.string() },
  count: { steps: z.number(), pause: z.number().describe("milliseconds before each number") },
};

/** The one resource and the one prompt. */
export const RESOURCE = { uri: "notes://first", text: "Grüße 🔑" };
export const PROMPT = { name: "greet", text: "Say hello." };

/** A call of `count`, as the SDK hands it to the tool. */
export interface Call {
  /** What the client wants to be told its progress with. */
  progressToken: string | number | undefined;
  /** Aborted when the client cancels. */
  signal: AbortSignal;
  notify: (notification: {
    method: "notifications/progress";
    params: { progressToken: string | number; progress: number; total: number };
  }) => Promise<void>;
  onCancelled: () => void;
}

/** The tool `count`: takes a while, tells its progress, and stops when it is cancelled. */
export async function count(
  { steps, pause }: { steps: number; pause: number },
  { progressToken, signal, notify, onCancelled }: Call,
): Promise<string> {
  signal.addEventListener("abort", onCancelled, { once: true });
  for (let progress = 1; progress <= steps; progress++) {
    if (pause > 0) await sleep(pause);
    signal.throwIfAborted();
    if (progressToken === undefined) continue;
    const params = { progressToken, progress, total: steps };
    await notify({ method: "notifications/progress", params });
  }
  signal.removeEventListener("abort", onCancelled);
  return `counted to ${steps}`;
}

/** A result that is one text. */
export const textResult = (text: string) => ({ content: [{ type: "text" as const, text }] });
