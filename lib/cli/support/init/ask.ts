import process from "node:process";
import { createInterface } from "node:readline/promises";
import type { Question } from "./choices.ts";

/** Asks one question until the answer is right. */
export type Ask = <Value>(question: Question<Value>) => Promise<Value>;

/** A person who can be asked. */
export interface Terminal extends Disposable {
  ask: Ask;
}

/** Opens the terminal that the program runs in; `undefined` when there is none. */
export function openTerminal(): Terminal | undefined {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) return undefined;
  const lines = createInterface({ input: stdin, output: stdout });
  // Keeps lines that arrive before their question, as when several are pasted.
  const answers = lines[Symbol.asyncIterator]();
  return {
    async ask({ text, proposal, read }) {
      stdout.write(`${text}\n`);
      for (;;) {
        lines.setPrompt(proposal === "" ? "> " : `[${proposal}] > `);
        lines.prompt();
        const { done, value: line } = await answers.next();
        if (done) throw new InputEndedError();
        const answer = read(line.trim() || proposal);
        if (typeof answer !== "string") {
          stdout.write("\n");
          return answer.value;
        }
        stdout.write(`${answer}\n`);
      }
    },
    [Symbol.dispose]: () => lines.close(),
  };
}

/** The person at the terminal ended the input before all questions were answered. */
export class InputEndedError extends Error {
  override name = "InputEndedError";
}
