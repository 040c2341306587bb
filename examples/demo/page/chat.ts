// signBody() asks the backend for a URL, signedFetch() posts to it, showResponse() reads the stream.
import { createSignedFetch } from "../../../lib/signing/signed_fetch.ts";
import { appendMessage, appendProblem, changeLog } from "./conversation_log.ts";
import { findElement } from "./dom.ts";
import { readProblem } from "./problem.ts";
import { highlightOnHover, showSignedUrl } from "./signed_url.ts";
import { showStep } from "./steps.ts";
import { createTaskRunner } from "./task_runner.ts";
import { readTokens } from "./tokens.ts";

interface Message {
  role: "user" | "assistant";
  content: string;
}

const composer = findElement("#composer", HTMLFormElement);
const input = findElement("#question", HTMLTextAreaElement);

/** The URL of the API and the name of the model, from the backend. */
const api: Promise<{ url: string; model: string }> = fetch("/api").then((response) =>
  response.json(),
);

const signedFetch = createSignedFetch(async (request) => signBody(await request.text(), 60), {
  fetch: send,
});

startChat();

function startChat(): void {
  const conversation: Message[] = [];
  const runner = createTaskRunner();
  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    if (runner.isRunning()) return runner.stop();
    const question = input.value.trim();
    if (!question) return input.focus();
    input.value = "";
    void runner.run((signal) => ask(question, conversation, signal));
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
  const onClick = (selector: string, listener: () => void): void =>
    findElement(selector, HTMLButtonElement).addEventListener("click", listener);
  onClick("#expired", () => void runner.run(tryExpiredUrl));
  onClick("#changed", () => void runner.run(tryChangedBody));
  highlightOnHover();
}

async function ask(question: string, conversation: Message[], signal: AbortSignal): Promise<void> {
  const messages: Message[] = [...conversation, { role: "user", content: question }];
  appendMessage("question", question);
  const { url } = await api;
  const response = signedFetch(url, createPost(await createChatBody(messages), signal));
  const content = await showResponse(response);
  if (content) conversation.push(...messages.slice(-1), { role: "assistant", content });
}

// The trials send to a URL by hand: signedFetch would renew the first, and sign the second's body.
async function tryExpiredUrl(signal: AbortSignal): Promise<void> {
  const question = "Am I too late?";
  appendMessage("question", question);
  const body = await createChatBody([{ role: "user", content: question }]);
  const url = await signBody(body, 1);
  const note = appendMessage("note", "This URL holds for one second. Waiting for two…");
  await new Promise((resolve) => setTimeout(resolve, 2_200));
  note.remove();
  const response = send(url, createPost(body, signal));
  await showResponse(response, "Signed for one second, sent after two.");
}

async function tryChangedBody(signal: AbortSignal): Promise<void> {
  const [signed, sent] = ["Tell me a joke.", "Tell me a lie."];
  appendMessage("question", sent);
  const url = await signBody(await createChatBody([{ role: "user", content: signed }]), 60);
  const body = await createChatBody([{ role: "user", content: sent }]);
  const response = send(url, createPost(body, signal));
  await showResponse(response, `Signed “${signed}”, sent “${sent}”`);
}

async function createChatBody(messages: readonly Message[]): Promise<string> {
  const { model } = await api;
  return JSON.stringify({ model, stream: true, messages });
}

function createPost(body: string, signal: AbortSignal): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json" }, body, signal };
}

/** Asks the backend for a URL that allows one POST with that body, for so many seconds. */
async function signBody(body: string, expires: number): Promise<string> {
  showStep("sign", "active", "signs the URL");
  showStep("verify", "", "verifies, adds the key");
  showStep("stream", "", "streams the answer");
  const start = performance.now();
  const request = { method: "POST", body: JSON.stringify({ body, expires }) };
  const { url } = await (await fetch("/sign", request)).json();
  showStep("sign", "done", `signed in ${formatTimeSince(start)}`);
  showSignedUrl(url);
  return url;
}

function send(url: string | URL, init: RequestInit): Promise<Response> {
  showStep("verify", "active", "verifies, adds the key");
  return fetch(url, init);
}

/**
 * Shows a response: the answer, token by token, or the problem.
 *
 * @param pending the response, when it comes
 * @param attempt what was tried, for the card of a problem; empty: nothing special
 * @returns the text of the answer; empty when there was a problem
 */
async function showResponse(pending: Promise<Response>, attempt = ""): Promise<string> {
  const start = performance.now();
  const response = await pending;
  showStep("verify", "done", "let it pass");
  if (!response.ok) {
    const problem = await readProblem(response);
    const isGateways = response.headers.has("x-sw-problem");
    showStep(isGateways ? "verify" : "stream", "refused", `refused: ${problem.code}`);
    appendProblem(problem, attempt);
    return "";
  }
  showStep("stream", "active", "streams the answer");
  const answer = appendMessage("answer", "");
  let count = 0;
  for await (const token of readTokens(response)) {
    changeLog(() => answer.append(token));
    if (++count === 1) showStep("stream", "active", `first word after ${formatTimeSince(start)}`);
  }
  showStep("stream", "done", `${count} tokens in ${formatTimeSince(start)}`);
  return answer.textContent;
}

function formatTimeSince(start: number): string {
  const ms = performance.now() - start;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
