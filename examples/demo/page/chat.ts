// sign() asks the backend for a URL, signedFetch() posts to it, answer() reads the stream.
import { createSignedFetch } from "../../../lib/signing/signed_fetch.ts";
import { tokens } from "./tokens.ts";

interface Message {
  role: "user" | "assistant";
  content: string;
}

interface Problem {
  status?: number;
  code: string;
  title: string;
  detail: string;
  request_id?: string;
}

const log = find("#log", HTMLElement);
const composer = find("#composer", HTMLFormElement);
const input = find("#question", HTMLTextAreaElement);
const sendButton = find("#send", HTMLButtonElement);
const aside = find("aside", HTMLElement);

const BROKEN = "The demo may have ended, or the answer was cut off on its way.";
const conversation: Message[] = [];
let running: AbortController | undefined;
const api = fetch("/api").then((response) => response.json());

const signedFetch = createSignedFetch(async (request) => sign(await request.text(), 60), {
  fetch: send,
});

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  if (running) return running.abort();
  const question = input.value.trim();
  if (!question) return input.focus();
  input.value = "";
  void run((signal) => chat(question, signal));
});
input.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (!running) composer.requestSubmit();
});
for (const button of document.querySelectorAll<HTMLButtonElement>(".suggestions button")) {
  button.addEventListener("click", () => {
    input.value = button.textContent;
    composer.requestSubmit();
    input.focus();
  });
}
find("#expired", HTMLButtonElement).addEventListener("click", () => void run(tryExpired));
find("#changed", HTMLButtonElement).addEventListener("click", () => void run(tryChanged));
aside.addEventListener("pointerover", highlight);
aside.addEventListener("pointerleave", highlight);

async function chat(question: string, signal: AbortSignal): Promise<void> {
  const messages: Message[] = [...conversation, { role: "user", content: question }];
  show("question", question);
  const { url } = await api;
  const response = signedFetch(url, post(await chatBody(messages), signal));
  const content = await answer(response);
  if (content) conversation.push(...messages.slice(-1), { role: "assistant", content });
}

// The trials send to a URL by hand: signedFetch would renew the one, and sign the other's body.
async function tryExpired(signal: AbortSignal): Promise<void> {
  const question = "Am I too late?";
  show("question", question);
  const body = await chatBody([{ role: "user", content: question }]);
  const url = await sign(body, 1);
  const note = show("note", "This URL holds for one second. Waiting for two…");
  await new Promise((resolve) => setTimeout(resolve, 2_200));
  note.remove();
  await answer(send(url, post(body, signal)), "Signed for one second, sent after two.");
}

async function tryChanged(signal: AbortSignal): Promise<void> {
  const [signed, sent] = ["Tell me a joke.", "Tell me a lie."];
  show("question", sent);
  const url = await sign(await chatBody([{ role: "user", content: signed }]), 60);
  const body = await chatBody([{ role: "user", content: sent }]);
  await answer(send(url, post(body, signal)), `Signed “${signed}”, sent “${sent}”`);
}

async function chatBody(messages: readonly Message[]): Promise<string> {
  const { model } = await api;
  return JSON.stringify({ model, stream: true, messages });
}

function post(body: string, signal: AbortSignal): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json" }, body, signal };
}

async function sign(body: string, expires: number): Promise<string> {
  step("sign", "active", "signs the URL");
  step("verify", "", "verifies, adds the key");
  step("stream", "", "streams the answer");
  const start = performance.now();
  const request = { method: "POST", body: JSON.stringify({ body, expires }) };
  const { url } = await (await fetch("/sign", request)).json();
  step("sign", "done", `signed in ${duration(start)}`);
  describe(url);
  return url;
}

function send(url: string | URL, init: RequestInit): Promise<Response> {
  step("verify", "active", "verifies, adds the key");
  return fetch(url, init);
}

/** Shows what comes: the answer, token by token, or the problem. */
async function answer(coming: Promise<Response>, attempt = ""): Promise<string> {
  const start = performance.now();
  const response = await coming;
  step("verify", "done", "let it pass");
  if (!response.ok) {
    const problem = await readProblem(response);
    const byGateway = response.headers.get("content-type")?.includes("problem+json");
    step(byGateway ? "verify" : "stream", "refused", `refused: ${problem.code}`);
    showProblem(problem, attempt);
    return "";
  }
  step("stream", "active", "streams the answer");
  const shown = show("answer", "");
  let count = 0;
  for await (const token of tokens(response)) {
    follow(() => shown.append(token));
    if (++count === 1) step("stream", "active", `first word after ${duration(start)}`);
  }
  step("stream", "done", `${count} tokens in ${duration(start)}`);
  return shown.textContent;
}

async function readProblem(response: Response): Promise<Problem> {
  const body = await response.json().catch(() => ({}));
  if (typeof body.code === "string") return body;
  const { code, message: detail = "It gave no reason." } = body.error ?? {};
  const title = "The API refused the request";
  return { status: response.status, code: code ?? "upstream", title, detail };
}

async function run(task: (signal: AbortSignal) => Promise<void>): Promise<void> {
  if (running) return;
  running = new AbortController();
  setBusy(true);
  try {
    await task(running.signal);
  } catch {
    const stopped = running.signal.aborted;
    const active = document.querySelector("#route [data-state=active]");
    if (active) step(active.id, "refused", stopped ? "stopped" : "broke off");
    if (stopped) show("note", "Stopped. The API was told to stop, too.");
    else showProblem({ code: "network", title: "The connection broke", detail: BROKEN });
  } finally {
    running = undefined;
    setBusy(false);
  }
}

function setBusy(busy: boolean): void {
  log.ariaBusy = String(busy);
  sendButton.textContent = busy ? "Stop" : "Send";
  for (const button of document.querySelectorAll<HTMLButtonElement>(".trials button"))
    button.disabled = busy;
}

function step(id: string, state: string, text: string): void {
  const item = find(`#${id}`, HTMLLIElement);
  item.dataset["state"] = state;
  find("span", HTMLElement, item).textContent = text;
}

function show(kind: string, text: string): HTMLElement {
  const element = document.createElement("p");
  element.className = kind;
  element.textContent = text;
  place(element);
  return element;
}

function showProblem(problem: Problem, attempt = ""): void {
  const card = document.importNode(find("#problem-card", HTMLTemplateElement).content, true);
  const { status = "", request_id = "", ...texts } = problem;
  for (const [name, text] of Object.entries({ ...texts, status, request_id, attempt })) {
    const element = card.querySelector<HTMLElement>(`.${name}`);
    if (!element) continue;
    element.textContent = String(text);
    element.hidden = text === "";
  }
  place(card);
}

function place(node: Node): void {
  document.querySelector("#welcome")?.remove();
  follow(() => log.append(node));
}

/** Changes the log and keeps its end in sight, unless the reader has scrolled away from it. */
function follow(change: () => void): void {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 48;
  change();
  if (atEnd) log.scrollTop = log.scrollHeight;
}

/** Shows the URL, and each part of it beside what it means. */
function describe(signed: string): void {
  const url = new URL(signed);
  const [gateway = "", query = ""] = signed.split("?");
  const line = find("#url", HTMLElement, aside);
  line.replaceChildren(part("Gateway", gateway));
  for (const [index, pair] of query.split("&").entries()) {
    line.append(part(pair.replace(/=.*/, ""), (index === 0 ? "?" : "&") + pair));
  }
  line.hidden = false;
  for (const row of aside.querySelectorAll("dl [data-part]")) {
    const value = find(".value", HTMLElement, row);
    value.textContent = url.searchParams.get(row.getAttribute("data-part") ?? "");
    value.hidden = value.textContent === "";
  }
  find("#introduction", HTMLElement).textContent =
    "Signed for your last request. No key is in it, and nothing of it can be changed.";
}

function part(name: string, text: string): HTMLElement {
  const span = document.createElement("span");
  span.dataset["part"] = name;
  span.textContent = text;
  return span;
}

function highlight(event: Event): void {
  const target = event.target instanceof Element ? event.target.closest("[data-part]") : null;
  const part = target?.getAttribute("data-part");
  for (const element of aside.querySelectorAll("[data-part]")) {
    element.classList.toggle("active", element.getAttribute("data-part") === part);
  }
}

function duration(start: number): string {
  const ms = performance.now() - start;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function find<T>(selector: string, type: new () => T, within: ParentNode = document): T {
  const element = within.querySelector(selector);
  if (!(element instanceof type)) throw new TypeError(`the page lacks ${selector}`);
  return element;
}
