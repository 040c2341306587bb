import { type Explanation, explainUrl, type Life } from "../../signing/explain.ts";

/** Which colour each parameter of a signed URL has. */
const COLOURS: Readonly<Record<string, string>> = {
  "X-Sw-Proxy": "target",
  "X-Sw-Credential": "who",
  "X-Sw-Date": "when",
  "X-Sw-Expires": "when",
  "X-Sw-SignedHeaders": "what",
  "X-Sw-Body": "what",
  "X-Sw-Signature": "signature",
};

const find = <E extends HTMLElement>(selector: string): E => document.querySelector<E>(selector)!;
const field = (id: string): HTMLTextAreaElement | HTMLInputElement => find(`#${id}`);

function element(name: string, text: string, className = ""): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

let latest = 0;

/** Explains what stands in the form, and shows it; an older answer never replaces a newer one. */
async function update(): Promise<void> {
  const turn = ++latest;
  const url = field("url").value.trim();
  const explanation = url === "" ? undefined : await explainUrl(url, request());
  if (turn === latest) show(url, explanation);
}

function request() {
  const [method, secret, body] = ["method", "secret", "body"].map((id) => field(id).value);
  return {
    ...(method?.trim() && { method: method.trim() }),
    ...(secret && { secrets: [secret] }),
    ...(body && { body }),
    headers: headersFrom(field("headers").value),
  };
}

function headersFrom(text: string): Record<string, string> {
  const lines = text.split("\n").map((line) => /^([!#$%&'*+.^_`|~\w-]+):(.*)$/.exec(line.trim()));
  return Object.fromEntries(lines.flatMap((line) => (line ? [[line[1], line[2]!.trim()]] : [])));
}

function show(url: string, explanation: Explanation | undefined): void {
  for (const id of ["verdict", "life", "parts", "stages"]) find(`#${id}`).hidden = true;
  if (!explanation) return;
  showVerdict(explanation);
  if (explanation.life) showLife(explanation.life);
  showParts(url, explanation);
  const { canonicalRequest, stringToSign } = explanation;
  find("#stages").hidden = canonicalRequest === undefined;
  find("#canonical").textContent = canonicalRequest ?? "";
  find("#string").textContent = stringToSign ?? "";
}

const VERDICTS = { true: "Accepted", false: "Refused", undefined: "Not checked" } as const;

function showVerdict({ accepted, signature, causes }: Explanation): void {
  const verdict = find("#verdict");
  verdict.hidden = false;
  verdict.dataset["accepted"] = String(accepted);
  const said = `The signature is ${signature}.`;
  const hint =
    signature === "unchecked" && accepted !== false ? " Type the secret to check it." : "";
  const list = document.createElement("ul");
  for (const { code, sentence, remedy } of causes) {
    const item = element("li", `${sentence} ${remedy} `);
    item.append(element("code", code));
    list.append(item);
  }
  const heading = element("h2", VERDICTS[`${accepted}`]);
  verdict.replaceChildren(heading, causes.length > 0 ? list : element("p", said + hint));
}

function showLife({ signedAt, expiresAt, expires, state }: Life): void {
  const section = find("#life");
  section.hidden = false;
  const passed = (Date.now() - Date.parse(signedAt)) / 1000;
  const share = Math.min(100, Math.max(0, (passed / Math.max(expires, 1)) * 100));
  find(".gone").style.width = `${share}%`;
  const left = Math.round(expires - passed);
  const now = { early: "not yet valid", valid: `${left} s left`, expired: `${-left} s ago` }[state];
  find(".bar").setAttribute("aria-label", `${state}: ${now}`);
  const texts = [`signed ${signedAt}`, now, `until ${expiresAt ?? "for ever"}, ${expires} s`];
  section.querySelectorAll("span").forEach((span, index) => {
    span.textContent = texts[index]!;
  });
}

function showParts(url: string, { parts, signature }: Explanation): void {
  find("#parts").hidden = false;
  const mark = url.indexOf("?");
  const [gateway, query] = mark < 0 ? [url, ""] : [url.slice(0, mark + 1), url.slice(mark + 1)];
  const pairs = query === "" ? [] : query.split("&");
  const pieces = pairs.map((pair, index) => coloured(pair, index === 0 ? "\n" : "\n&"));
  find("#coloured").replaceChildren(element("span", gateway, "gateway"), ...pieces);
  const isKnown = field("method").value.trim() !== "" || signature === "right";
  const rows: [string, string][] = parts
    ? [
        ["Target", parts.upstream],
        ["App id", parts.id],
        ["Method", isKnown ? parts.method : `${parts.method} (assumed)`],
        ["Signed headers", parts.signedHeaders.join(", ") || "none"],
        ["Body", parts.signedBody ? "signed" : "not signed: any will do"],
      ]
    : [];
  const cells = rows.flatMap(([name, value]) => [element("dt", name), element("dd", value)]);
  find("dl").replaceChildren(...cells);
}

function coloured(pair: string, separator: string): HTMLElement {
  const equals = pair.indexOf("=") + 1;
  const name = pair.slice(0, equals || pair.length);
  const line = element("span", separator, COLOURS[name.replace("=", "")] ?? "");
  line.append(element("span", name, "name"), equals > 0 ? pair.slice(equals) : "");
  return line;
}

find("#request").addEventListener("input", () => void update());
find("#request").addEventListener("submit", (event) => event.preventDefault());
setInterval(() => void update(), 1000);
// A link may hand a URL over; what follows `#` is sent to nobody.
field("url").value = location.hash.slice(1);
void update();
