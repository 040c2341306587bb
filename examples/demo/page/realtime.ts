// A chat over one WebSocket. The token stands where the API's own clients put their key.
import { fetchApi } from "./backend.ts";
import { findElement } from "./dom.ts";
import { formatTimeSince } from "./time.ts";

/** An event of the API, as far as this page reads it. */
interface ServerEvent {
  type: string;
  delta?: string;
  error?: { code?: string; message?: string };
}

const state = findElement("#state", HTMLElement);
const log = findElement("#log", HTMLElement);
const form = findElement("#composer", HTMLFormElement);
const input = findElement("#question", HTMLInputElement);

startRealtime();

function startRealtime(): void {
  let opening: Promise<WebSocket> | undefined;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = input.value.trim();
    if (question === "") return;
    input.value = "";
    append("question", question);
    opening ??= openSession(() => (opening = undefined));
    opening.then(
      (socket) => ask(socket, question),
      (error: unknown) => {
        opening = undefined;
        showState(error);
      },
    );
  });
}

/** Opens a session with a token that the backend signs for it. */
async function openSession(onEnd: () => void): Promise<WebSocket> {
  const { gateway, upstream, model } = await fetchApi();
  const start = performance.now();
  const response = await fetch("/realtime-token", { method: "POST" });
  const token = await response.text();
  const { host, pathname } = new URL(upstream);
  const url = `${gateway.replace(/^http/, "ws")}/${host}${pathname}realtime?model=${model}`;
  const socket = new WebSocket(url, ["realtime", `openai-insecure-api-key.${token}`]);
  const answers = createAnswers();
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => {
      showState(`Open after ${formatTimeSince(start)}. The sub-protocol is ${socket.protocol}.`);
      resolve(socket);
    });
    socket.addEventListener("message", ({ data }) => answers(JSON.parse(String(data))));
    socket.addEventListener("close", ({ code, reason }) => {
      showState(`Closed with ${code}${reason && `: ${reason}`}.`);
      onEnd();
      reject(new Error("The WebSocket was refused."));
    });
  });
}

function ask(socket: WebSocket, text: string): void {
  const content = [{ type: "input_text", text }];
  const item = { type: "message", role: "user", content };
  socket.send(JSON.stringify({ type: "conversation.item.create", item }));
  socket.send(JSON.stringify({ type: "response.create" }));
}

/** Shows answers word by word. */
function createAnswers(): (event: ServerEvent) => void {
  let answer: HTMLElement | undefined;
  return ({ type, delta = "", error }) => {
    if (type === "response.created") answer = append("answer", "");
    if (type === "response.output_text.delta") answer?.append(delta);
    if (type === "response.done") answer?.setAttribute("data-done", "");
    if (type === "error") append("error", error?.message ?? error?.code ?? "An error.");
    log.scrollTop = log.scrollHeight;
  };
}

function append(kind: string, text: string): HTMLElement {
  const paragraph = document.createElement("p");
  paragraph.className = kind;
  paragraph.textContent = text;
  log.append(paragraph);
  return paragraph;
}

function showState(text: unknown): void {
  state.textContent = text instanceof Error ? text.message : String(text);
}
