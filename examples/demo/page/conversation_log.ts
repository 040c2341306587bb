import { findElement } from "./dom.ts";
import type { Problem } from "./problem.ts";

const log = findElement("#log", HTMLElement);

/**
 * Appends a message to the conversation.
 *
 * @param kind the CSS class
 * @param text may be empty and grow later
 * @returns the element of the message
 */
export function appendMessage(kind: "question" | "answer" | "note", text: string): HTMLElement {
  const element = document.createElement("p");
  element.className = kind;
  element.textContent = text;
  append(element);
  return element;
}

/**
 * Appends a card that shows a problem.
 *
 * @param problem what was refused and why
 * @param attempt what was tried; empty: nothing special
 */
export function appendProblem(problem: Problem, attempt = ""): void {
  const template = findElement("#problem-card", HTMLTemplateElement);
  const card = document.importNode(template.content, true);
  const { status = "", request_id = "", ...texts } = problem;
  for (const [name, text] of Object.entries({ ...texts, status, request_id, attempt })) {
    const element = card.querySelector<HTMLElement>(`.${name}`);
    if (!element) continue;
    element.textContent = String(text);
    element.hidden = text === "";
  }
  append(card);
}

/** Changes the log and keeps its end in view, unless the reader has scrolled away from it. */
export function changeLog(change: () => void): void {
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 48;
  change();
  if (isAtEnd) log.scrollTop = log.scrollHeight;
}

/** Tells assistive technology whether more is coming. */
export function setLogBusy(busy: boolean): void {
  log.ariaBusy = String(busy);
}

function append(node: Node): void {
  document.querySelector("#welcome")?.remove();
  changeLog(() => log.append(node));
}
