/** Creates an element with a text. */
export function createElement(tag: string, text: string, className = ""): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}

/** Finds a field of the form by its id. */
export function findField(id: string): HTMLTextAreaElement | HTMLInputElement {
  return findElement(`#${id}`);
}

/** Finds an element that the page has. */
export function findElement<E extends HTMLElement>(selector: string): E {
  return document.querySelector<E>(selector)!;
}

/**
 * Shows names and values.
 *
 * @param rows the pairs; one without a value is left out
 */
export function renderRows(rows: readonly (readonly [string, string | undefined])[]): void {
  const cells = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [createElement("dt", name), createElement("dd", value)],
  );
  findElement("dl").replaceChildren(...cells);
}
