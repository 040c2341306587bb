// sign() asks the backend for a URL, ask() posts to it with plain fetch and reads the stream.
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
const settings = fetch("/model").then((response) => response.json());

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
  const body = await chatBody(messages);
  const url = await sign(body, 60);
  const content = await ask(url, body, signal);
  if (content) conversation.push(...messages.slice(-1), { role: "assistant", content });
}

async function tryExpired(signal: AbortSignal): Promise<void> {
  const question = "Am I too late?";
  show("question", question);
  const body = await chatBody([{ role: "user", content: question }]);
  const url = await sign(body, 1);
  const note = show("note", "This URL holds for one second. Waiting for two…");
  await new Promise((resolve) => setTimeout(resolve, 2_200));
  note.remove();
  await ask(url, body, signal, "Signed for one second, sent after two.");
}

async function tryChanged(signal: AbortSignal): Promise<void> {
  const [signed, sent] = ["Tell me a joke.", "Tell me a lie."];
  show("question", sent);
  const url = await sign(await chatBody([{ role: "user", content: signed }]), 60);
  const body = await chatBody([{ role: "user", content: sent }]);
  await ask(url, body, signal, `Signed “${signed}”, sent “${sent}”`);
}

async function chatBody(messages: readonly Message[]): Promise<string> {
  const { model } = await settings;
  return JSON.stringify({ model, stream: true, messages });
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

/** Sends the body to the signed URL and shows what comes: the answer, token by token, or the problem. */
async function ask(url: string, body: string, signal: AbortSignal, attempt = ""): Promise<string> {
  step("verify", "active", "verifies, adds the key");
  const headers = { "content-type": "application/json" };
  const start = performance.now();
  const response = await fetch(url, { method: "POST", headers, body, signal });
  step("verify", "done", "let it pass");
  if (!response.ok) {
    const problem = await readProblem(response);
    const byGateway = response.headers.get("content-type")?.includes("problem+json");
    step(byGateway ? "verify" : "stream", "refused", `refused: ${problem.code}`);
    showProblem(problem, attempt);
    return "";
  }
  step("stream", "active", "streams the answer");
  const answer = show("answer", "");
  let count = 0;
  for await (const token of tokens(response)) {
    follow(() => answer.append(token));
    if (++count === 1) step("stream", "active", `first word after ${duration(start)}`);
  }
  step("stream", "done", `${count} tokens in ${duration(start)}`);
  return answer.textContent;
}

/** The text pieces of an event stream of chat completion chunks. */
async function* tokens(response: Response): AsyncGenerator<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    const lines = (rest + read.value).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith("data: {")) continue;
      const text = JSON.parse(line.slice(6)).choices[0]?.delta.content;
      if (text) yield text;
    }
  }
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
