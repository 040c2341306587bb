import { explanationOf } from "./conversation_log.ts";
import { describeToken, describeUrl } from "./described.ts";
import { findElement } from "./dom.ts";
import { formatExpiry } from "./time.ts";

const panel = findElement("#credential", HTMLElement);

/** Starts the panel: it marks the part under the pointer, copies, and shows how much time is left. */
export function startPanel(): void {
  panel.addEventListener("pointerover", highlightPart);
  panel.addEventListener("pointerleave", highlightPart);
  for (const credential of panel.querySelectorAll<HTMLElement>("[data-way]")) {
    const button = findElement(".copy", HTMLButtonElement, credential);
    button.addEventListener("click", () => void copy(credential));
  }
  setInterval(showExpiry, 1000);
}

/** Shows a token or a signed URL, and each part of it beside its meaning. */
export function showCredential(credential: string): void {
  const isUrl = credential.includes("://");
  const section = findElement(isUrl ? "#signed-url" : "#token", HTMLElement, panel);
  const { parts, values, expiresAt } = isUrl ? describeUrl(credential) : describeToken(credential);
  const line = findElement(".line", HTMLElement, section);
  line.replaceChildren(...parts.map(([name, text]) => createPart(name, text)));
  for (const element of section.querySelectorAll<HTMLElement>("[data-value]")) {
    const value = values[element.dataset["value"] ?? ""] ?? "";
    element.textContent = value;
    element.hidden = value === "";
  }
  if (expiresAt) findElement("time", HTMLTimeElement, section).dateTime = expiresAt.toISOString();
  showExpiry();
  findElement(".explain", HTMLAnchorElement, section).href = explanationOf(credential);
  findElement(".copied", HTMLElement, section).textContent = "";
  const hidden = section.querySelectorAll<HTMLElement>(".once-shown");
  for (const element of hidden) element.hidden = false;
}

function showExpiry(): void {
  for (const time of panel.querySelectorAll<HTMLTimeElement>("time[datetime]")) {
    time.textContent = formatExpiry(new Date(time.dateTime));
  }
}

async function copy(section: HTMLElement): Promise<void> {
  const line = findElement(".line", HTMLElement, section);
  const status = findElement(".copied", HTMLElement, section);
  try {
    await navigator.clipboard.writeText(line.textContent);
    status.textContent = "Copied.";
  } catch {
    // The browser does not allow it. The reader still can.
    getSelection()?.selectAllChildren(line);
    status.textContent = "Selected. Copy it with your keyboard.";
  }
}

function createPart(name: string, text: string): HTMLElement {
  const span = document.createElement("span");
  span.dataset["part"] = name;
  span.textContent = text;
  return span;
}

function highlightPart(event: PointerEvent): void {
  // A finger does not leave the part that it touched.
  if (event.pointerType === "touch") return;
  const target = event.target instanceof Element ? event.target.closest("[data-part]") : null;
  const name = target?.getAttribute("data-part");
  for (const element of panel.querySelectorAll("[data-part]")) {
    element.classList.toggle("active", element.getAttribute("data-part") === name);
  }
}
