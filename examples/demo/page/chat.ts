// Asks by the official client: with a token as its key, or with signed URLs.
import { showAnswer, showRefusal } from "./answer.ts";
import { fetchApi } from "./backend.ts";
import { type Message, requestAnswer } from "./chat_request.ts";
import { appendMessage } from "./conversation_log.ts";
import { startPanel } from "./credential.ts";
import { findElement } from "./dom.ts";
import { resetSteps } from "./steps.ts";
import { createTaskRunner, type TaskRunner } from "./task_runner.ts";
import type { Trial } from "./trial.ts";
import { findTrial } from "./trials.ts";
import { createVisit, type Visit, type Way } from "./visit.ts";

const composer = findElement("#composer", HTMLFormElement);
const input = findElement("#question", HTMLTextAreaElement);
const SIGNS = { token: "signs a token", url: "signs the URL" };

startChat();

function startChat(): void {
  const visit = fetchApi().then(createVisit);
  const conversation: Message[] = [];
  const runner = createTaskRunner();
  startComposer(runner, async (question, signal) =>
    ask(question, conversation, await visit, signal),
  );
  for (const button of document.querySelectorAll<HTMLButtonElement>(".trials button")) {
    const trial = findTrial(button.dataset["trial"]);
    button.addEventListener("click", () => {
      void runner.run(async (signal) => tryIt(trial, await visit, signal));
    });
  }
  findElement("#ways", HTMLElement).addEventListener("change", () => {
    if (!runner.isRunning()) resetSteps(SIGNS[chosenWay()]);
  });
  startPanel();
}

function startComposer(
  runner: TaskRunner,
  onQuestion: (question: string, signal: AbortSignal) => Promise<void>,
): void {
  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    if (runner.isRunning()) return runner.stop();
    const question = input.value.trim();
    if (!question) return input.focus();
    input.value = "";
    void runner.run((signal) => onQuestion(question, signal));
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!runner.isRunning()) composer.requestSubmit();
  });
  for (const button of document.querySelectorAll<HTMLButtonElement>(".suggestions button")) {
    button.addEventListener("click", () => {
      input.value = button.textContent;
      composer.requestSubmit();
      input.focus();
    });
  }
}

async function ask(
  question: string,
  conversation: Message[],
  { api, clients, inHand }: Visit,
  signal: AbortSignal,
): Promise<void> {
  const way = chosenWay();
  const asked: Message = { role: "user", content: question };
  resetSteps(SIGNS[way]);
  appendMessage("question", question);
  await showRefusal(
    async () => {
      const chat = { model: api.model, messages: [...conversation, asked] };
      const content = await showAnswer(requestAnswer(clients[way], chat, signal), signal);
      conversation.push(asked, { role: "assistant", content });
    },
    () => ({ credential: inHand() }),
  );
}

async function tryIt(
  { question, reason, send }: Trial,
  visit: Visit,
  signal: AbortSignal,
): Promise<void> {
  resetSteps(SIGNS[chosenWay()]);
  appendMessage("question", question);
  await showRefusal(
    async () => {
      await send(visit, signal);
      appendMessage("note", "The gateway let it pass. It should not have.");
    },
    () => ({ credential: visit.inHand(), reason }),
  );
}

function chosenWay(): Way {
  return findElement("#way-url", HTMLInputElement).checked ? "url" : "token";
}
