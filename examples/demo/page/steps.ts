import { findElement } from "./dom.ts";

/** The three steps of a request, from the backend to the API. */
export type Step = "sign" | "verify" | "stream";

/** Empty while a step has not begun. */
export type StepState = "" | "active" | "done" | "refused";

/** Shows how far a step is. */
export function showStep(step: Step, state: StepState, text: string): void {
  updateItem(findElement(`#${step}`, HTMLLIElement), state, text);
}

/**
 * Shows that no step has begun.
 *
 * @param signs what the backend does in the first step
 */
export function resetSteps(signs: string): void {
  showStep("sign", "", signs);
  showStep("verify", "", "verifies, adds the key");
  showStep("stream", "", "streams the answer");
}

/** Shows that the step that is under way, if there is one, did not end well. */
export function showActiveStepRefused(text: string): void {
  const item = document.querySelector("#route [data-state=active]");
  if (item instanceof HTMLElement) updateItem(item, "refused", text);
}

function updateItem(item: HTMLElement, state: StepState, text: string): void {
  item.dataset["state"] = state;
  findElement("span", HTMLElement, item).textContent = text;
}
