import { findElement } from "./dom.ts";

const panel = findElement("aside", HTMLElement);

/** Highlights each part of the URL, and its row in the list, under the pointer. */
export function highlightOnHover(): void {
  panel.addEventListener("pointerover", highlightPart);
  panel.addEventListener("pointerleave", highlightPart);
}

/** Shows a signed URL, and each part of it beside its meaning. */
export function showSignedUrl(signed: string): void {
  const [gateway = "", query = ""] = signed.split("?");
  const line = findElement("#url", HTMLElement, panel);
  line.replaceChildren(createPart("Gateway", gateway));
  for (const [index, pair] of query.split("&").entries()) {
    line.append(createPart(pair.replace(/=.*/, ""), (index === 0 ? "?" : "&") + pair));
  }
  line.hidden = false;
  showValues(new URL(signed).searchParams);
  findElement("#introduction", HTMLElement).textContent =
    "Signed for your last request. No key is in it, and nothing of it can be changed.";
}

function showValues(parameters: URLSearchParams): void {
  for (const row of panel.querySelectorAll("dl [data-part]")) {
    const value = findElement(".value", HTMLElement, row);
    value.textContent = parameters.get(row.getAttribute("data-part") ?? "");
    value.hidden = value.textContent === "";
  }
}

function createPart(name: string, text: string): HTMLElement {
  const span = document.createElement("span");
  span.dataset["part"] = name;
  span.textContent = text;
  return span;
}

function highlightPart(event: Event): void {
  const target = event.target instanceof Element ? event.target.closest("[data-part]") : null;
  const name = target?.getAttribute("data-part");
  for (const element of panel.querySelectorAll("[data-part]")) {
    element.classList.toggle("active", element.getAttribute("data-part") === name);
  }
}
