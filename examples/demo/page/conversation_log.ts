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

/** Shows a note until the work is done, or has failed. */
export async function showNoteWhile(text: string, work: Promise<void>): Promise<void> {
  const note = appendMessage("note", text);
  await work.finally(() => note.remove());
}

/** What a card shows of a problem. */
export interface ProblemCard extends Omit<Problem, "status" | "request_id" | "isGateways"> {
  /** Absent: nobody answered. */
  status?: number;
  request_id?: string;
  /** Why it is refused, where the page knows that beforehand. */
  reason?: string;
  /** The credential that was refused, for the link to its explanation. */
  credential?: string;
}

/** Appends a card that shows a problem. All of it is text, and none of it markup. */
export function appendProblem(problem: ProblemCard): void {
  const template = findElement("#problem-card", HTMLTemplateElement);
  const card = document.importNode(template.content, true);
  const { status = "", request_id = "", reason = "", credential = "", ...texts } = problem;
  for (const [name, text] of Object.entries({ ...texts, status, request_id, reason })) {
    const element = card.querySelector<HTMLElement>(`.${name}`);
    if (!element) continue;
    element.replaceChildren(...createTexts(String(text)));
    element.hidden = text === "";
  }
  const link = findElement(".explain", HTMLAnchorElement, card);
  link.href = explanationOf(credential);
  link.hidden = credential === "";
  append(card);
}

/** The page that explains a credential. Browsers keep what follows `#` to themselves. */
export function explanationOf(credential: string): string {
  return `/explain#${credential}`;
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

/** Text between backticks is code. */
function createTexts(text: string): Node[] {
  return text.split("`").map((part, index) => {
    if (index % 2 === 0) return document.createTextNode(part);
    const code = document.createElement("code");
    code.textContent = part;
    return code;
  });
}
