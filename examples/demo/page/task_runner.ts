import { appendMessage, appendProblem, setLogBusy } from "./conversation_log.ts";
import { findElement } from "./dom.ts";
import { showActiveStepRefused } from "./steps.ts";

/** Does the work of one click; ends early when the signal is aborted. */
export type Task = (signal: AbortSignal) => Promise<void>;

/** Runs one task at a time. */
export interface TaskRunner {
  isRunning(): boolean;
  /** Starts a task, unless one is running. */
  run(task: Task): Promise<void>;
  /** Aborts the task that is running. */
  stop(): void;
}

const BROKEN = "The demo may have ended, or the answer was cut off on its way.";

/** Creates a runner that shows on the page whether a task is running, and how it failed. */
export function createTaskRunner(): TaskRunner {
  let running: AbortController | undefined;
  return {
    isRunning: () => running !== undefined,
    stop: () => running?.abort(),
    async run(task) {
      if (running) return;
      running = new AbortController();
      showBusy(true);
      try {
        await task(running.signal);
      } catch {
        showFailure(running.signal.aborted);
      } finally {
        running = undefined;
        showBusy(false);
      }
    },
  };
}

function showFailure(isStopped: boolean): void {
  showActiveStepRefused(isStopped ? "stopped" : "broke off");
  if (isStopped) appendMessage("note", "Stopped. The API was told to stop, too.");
  else appendProblem({ code: "network", title: "The connection broke", detail: BROKEN });
}

// A disabled button would lose the focus, and whoever uses the keyboard their place.
function showBusy(busy: boolean): void {
  setLogBusy(busy);
  findElement("#send", HTMLButtonElement).textContent = busy ? "Stop" : "Send";
  for (const button of document.querySelectorAll(".trials button")) {
    button.ariaDisabled = String(busy);
  }
}
