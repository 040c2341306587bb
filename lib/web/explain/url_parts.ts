import type { Explanation } from "../../signing/explain.ts";
import { createElement, findElement, findField, renderRows } from "./elements.ts";

/** The CSS class of each parameter of a signed URL, which gives it its colour. */
const PARAMETER_CLASSES: Readonly<Record<string, string>> = {
  "X-Sw-Proxy": "target",
  "X-Sw-Credential": "who",
  "X-Sw-Date": "when",
  "X-Sw-Expires": "when",
  "X-Sw-SignedHeaders": "what",
  "X-Sw-Body": "what",
  "X-Sw-Signature": "signature",
};

/** Shows a signed URL in colours, its parts, and the texts that were signed. */
export function renderUrl(url: string, explanation: Explanation): void {
  const { parts, signature, canonicalRequest, stringToSign } = explanation;
  const mark = url.indexOf("?");
  const [gateway, query] = mark < 0 ? [url, ""] : [url.slice(0, mark + 1), url.slice(mark + 1)];
  const pairs = query === "" ? [] : query.split("&");
  const parameters = pairs.map((pair, index) => createParameter(pair, index === 0 ? "\n" : "\n&"));
  const coloured = findElement("#coloured");
  coloured.replaceChildren(createElement("span", gateway, "gateway"), ...parameters);
  coloured.hidden = false;
  const isMethodKnown = findField("method").value.trim() !== "" || signature === "right";
  renderRows(
    parts
      ? [
          ["Target", parts.upstream],
          ["App id", parts.id],
          ["Method", isMethodKnown ? parts.method : `${parts.method} (assumed)`],
          ["Signed headers", parts.signedHeaders.join(", ") || "none"],
          ["Body", parts.signedBody ? "signed" : "not signed; any body is accepted"],
        ]
      : [],
  );
  findElement("#parts").hidden = false;
  findElement("#stages").hidden = canonicalRequest === undefined;
  findElement("#canonical").textContent = canonicalRequest ?? "";
  findElement("#string").textContent = stringToSign ?? "";
}

/** One parameter of the query in its colour, on a line of its own. */
function createParameter(pair: string, separator: string): HTMLElement {
  const valueStart = pair.indexOf("=") + 1;
  const name = pair.slice(0, valueStart || pair.length);
  const className = PARAMETER_CLASSES[name.replace("=", "")] ?? "";
  const line = createElement("span", separator, className);
  line.append(createElement("span", name, "name"), valueStart > 0 ? pair.slice(valueStart) : "");
  return line;
}
