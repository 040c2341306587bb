import { type Explanation, explainUrl, type Life } from "../../signing/explain.ts";

/** The CSS classes of the parameters of a signed URL, which set their colours. */
const PARAMETER_CLASSES: Readonly<Record<string, string>> = {
  "X-Sw-Proxy": "target",
  "X-Sw-Credential": "who",
  "X-Sw-Date": "when",
  "X-Sw-Expires": "when",
  "X-Sw-SignedHeaders": "what",
  "X-Sw-Body": "what",
  "X-Sw-Signature": "signature",
};

const VERDICTS = { true: "Accepted", false: "Refused", undefined: "Not checked" } as const;

startPage();

/** Explains the URL in the form at the start, whenever the form changes, and every second. */
function startPage(): void {
  let latestUpdate = 0;
  const update = async (): Promise<void> => {
    const thisUpdate = ++latestUpdate;
    const url = findField("url").value.trim();
    const explanation = url === "" ? undefined : await explainUrl(url, readRequest());
    // An explanation that took long must not replace a newer one.
    if (thisUpdate === latestUpdate) renderExplanation(url, explanation);
  };
  findElement("#request").addEventListener("input", () => void update());
  findElement("#request").addEventListener("submit", (event) => event.preventDefault());
  setInterval(() => void update(), 1000);
  // A link may carry a URL after `#`, which browsers do not send to the server.
  findField("url").value = location.hash.slice(1);
  void update();
}

function readRequest() {
  const [method, secret, body] = ["method", "secret", "body"].map((id) => findField(id).value);
  return {
    ...(method?.trim() && { method: method.trim() }),
    ...(secret && { secrets: [secret] }),
    ...(body && { body }),
    headers: parseHeaders(findField("headers").value),
  };
}

function parseHeaders(text: string): Record<string, string> {
  const lines = text.split("\n").map((line) => /^([!#$%&'*+.^_`|~\w-]+):(.*)$/.exec(line.trim()));
  return Object.fromEntries(lines.flatMap((line) => (line ? [[line[1], line[2]!.trim()]] : [])));
}

function renderExplanation(url: string, explanation: Explanation | undefined): void {
  for (const id of ["verdict", "life", "parts", "stages"]) findElement(`#${id}`).hidden = true;
  if (!explanation) return;
  renderVerdict(explanation);
  if (explanation.life) renderLife(explanation.life);
  renderParts(url, explanation);
  const { canonicalRequest, stringToSign } = explanation;
  findElement("#stages").hidden = canonicalRequest === undefined;
  findElement("#canonical").textContent = canonicalRequest ?? "";
  findElement("#string").textContent = stringToSign ?? "";
}

function renderVerdict({ accepted, signature, causes }: Explanation): void {
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

function renderLife({ signedAt, expiresAt, expires, state }: Life): void {
  const section = findElement("#life");
  section.hidden = false;
  const passed = (Date.now() - Date.parse(signedAt)) / 1000;
  const share = Math.min(100, Math.max(0, (passed / Math.max(expires, 1)) * 100));
  findElement(".gone").style.width = `${share}%`;
  const left = Math.round(expires - passed);
  const now = { early: "not yet valid", valid: `${left} s left`, expired: `${-left} s ago` }[state];
  findElement(".bar").setAttribute("aria-label", `${state}: ${now}`);
  const texts = [
    `signed ${signedAt}`,
    now,
    `expires ${expiresAt ?? "in the far future"}, after ${expires} s`,
  ];
  section.querySelectorAll("span").forEach((span, index) => {
    span.textContent = texts[index]!;
  });
}

function renderParts(url: string, { parts, signature }: Explanation): void {
  findElement("#parts").hidden = false;
  const mark = url.indexOf("?");
  const [gateway, query] = mark < 0 ? [url, ""] : [url.slice(0, mark + 1), url.slice(mark + 1)];
  const pairs = query === "" ? [] : query.split("&");
  const parameters = pairs.map((pair, index) => createParameter(pair, index === 0 ? "\n" : "\n&"));
  findElement("#coloured").replaceChildren(
    createElement("span", gateway, "gateway"),
    ...parameters,
  );
  const isMethodKnown = findField("method").value.trim() !== "" || signature === "right";
  const rows: [string, string][] = parts
    ? [
        ["Target", parts.upstream],
        ["App id", parts.id],
        ["Method", isMethodKnown ? parts.method : `${parts.method} (assumed)`],
        ["Signed headers", parts.signedHeaders.join(", ") || "none"],
        ["Body", parts.signedBody ? "signed" : "not signed; any body is accepted"],
      ]
    : [];
  const cells = rows.flatMap(([name, value]) => [
    createElement("dt", name),
    createElement("dd", value),
  ]);
  findElement("dl").replaceChildren(...cells);
}

/** Creates the line of a query parameter, in the colour of the parameter. */
function createParameter(pair: string, separator: string): HTMLElement {
  const valueStart = pair.indexOf("=") + 1;
  const name = pair.slice(0, valueStart || pair.length);
  const className = PARAMETER_CLASSES[name.replace("=", "")] ?? "";
  const line = createElement("span", separator, className);
  line.append(createElement("span", name, "name"), valueStart > 0 ? pair.slice(valueStart) : "");
  return line;
}

function createElement(tag: string, text: string, className = ""): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}

function findField(id: string): HTMLTextAreaElement | HTMLInputElement {
  return findElement(`#${id}`);
}

function findElement<E extends HTMLElement>(selector: string): E {
  return document.querySelector<E>(selector)!;
}
