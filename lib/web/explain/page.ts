import {
  type Explanation,
  explainToken,
  explainUrl,
  isTokenLike,
  type Life,
  type TokenExplanation,
  type TokenTimes,
} from "../../signing/explain.ts";
import { createElement, findElement, findField } from "./elements.ts";
import { renderToken } from "./token_parts.ts";
import { renderUrl } from "./url_parts.ts";

const SECTIONS = ["verdict", "life", "grants", "parts", "stages"];

const VERDICTS = { true: "Accepted", false: "Refused", undefined: "Not checked" } as const;

startPage();

/** Explains the URL or the token in the form: at the start, at every change of the form, and every second. */
function startPage(): void {
  let latestUpdate = 0;
  const update = async (): Promise<void> => {
    const thisUpdate = ++latestUpdate;
    const render = await explainInput(findField("url").value.trim());
    // An explanation that took longer must not replace a newer one.
    if (thisUpdate === latestUpdate) render();
  };
  findElement("#request").addEventListener("input", () => void update());
  findElement("#request").addEventListener("submit", (event) => event.preventDefault());
  setInterval(() => void update(), 1000);
  // A link may carry a URL or a token after `#`, which browsers do not send to the server.
  findField("url").value = location.hash.slice(1);
  void update();
}

/** Returns the function that shows the explanation. */
async function explainInput(text: string): Promise<() => void> {
  if (text === "") return hideSections;
  const secret = findField("secret").value;
  const secrets = secret ? [secret] : [];
  if (isTokenLike(text)) {
    const explanation = await explainToken(text, { secrets });
    return () => {
      renderVerdict(explanation);
      renderToken(explanation);
      findElement("#described").hidden = true;
    };
  }
  const explanation = await explainUrl(text, { ...readRequest(), secrets });
  return () => {
    renderVerdict(explanation);
    renderUrl(text, explanation);
  };
}

function hideSections(): void {
  for (const id of SECTIONS) findElement(`#${id}`).hidden = true;
  findElement("#described").hidden = false;
}

function readRequest() {
  const [method, body] = ["method", "body"].map((id) => findField(id).value);
  return {
    ...(method?.trim() && { method: method.trim().toUpperCase() }),
    ...(body && { body }),
    headers: parseHeaders(findField("headers").value),
  };
}

function parseHeaders(text: string): Record<string, string> {
  const lines = text.split("\n").map((line) => /^([!#$%&'*+.^_`|~\w-]+):(.*)$/.exec(line.trim()));
  return Object.fromEntries(lines.flatMap((line) => (line ? [[line[1], line[2]!.trim()]] : [])));
}

function renderVerdict(explanation: Explanation | TokenExplanation): void {
  hideSections();
  const { accepted, signature, causes, life } = explanation;
  if (life) renderLife(life);
  const verdict = findElement("#verdict");
  verdict.hidden = false;
  verdict.dataset["accepted"] = String(accepted);
  const hint =
    signature === "unchecked" && accepted !== false ? " Enter the secret to check it." : "";
  const list = document.createElement("ul");
  for (const { code, sentence, remedy } of causes) {
    const item = createElement("li", `${sentence} ${remedy} `);
    item.append(createElement("code", code));
    list.append(item);
  }
  const summary = createElement("p", `The signature is ${signature}.${hint}`);
  const heading = createElement("h2", VERDICTS[`${accepted}`]);
  verdict.replaceChildren(heading, causes.length > 0 ? list : summary);
}

function renderLife({ signedAt, expiresAt, expires, state }: Life | TokenTimes): void {
  const section = findElement("#life");
  section.hidden = false;
  const end = expiresAt === undefined ? Infinity : Date.parse(expiresAt);
  const start = Date.parse(signedAt ?? "");
  // Without a start or an end, no share of the life is known.
  const share = state === "expired" ? 1 : (Date.now() - start) / (end - start) || 0;
  findElement(".gone").style.width = `${100 * Math.min(1, Math.max(0, share))}%`;
  const left = Math.round((end - Date.now()) / 1000);
  const now = { early: "not yet valid", valid: `${left} s left`, expired: `${-left} s ago` }[state];
  findElement(".bar").setAttribute("aria-label", `${state}: ${now}`);
  const texts = [
    signedAt === undefined ? "" : `signed ${signedAt}`,
    end === Infinity ? state : now,
    `expires ${expiresAt ?? "in the far future"}${expires === undefined ? "" : `, after ${expires} s`}`,
  ];
  section.querySelectorAll("span").forEach((span, index) => {
    span.textContent = texts[index]!;
  });
}
