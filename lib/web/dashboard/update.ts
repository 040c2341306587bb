import type { Child } from "./elements.ts";

/**
 * Shows new content in an element of the page. What is the same stays, so that nobody who works with it loses the focus, a
 * selection or the place in a list.
 *
 * @param place of the content
 * @param content to show. An element with the `data-key` of one that is shown takes its place: what a button does may depend
 *   on nothing else
 */
export function update(place: Element, ...content: Child[]): void {
  const next = place.cloneNode(false) as Element;
  next.append(...content);
  merge(place, next);
}

function merge(place: Element, next: Element): void {
  if (place.isEqualNode(next)) return;
  if (place.children.length === 0 || next.children.length === 0) {
    return place.replaceChildren(...next.childNodes);
  }
  const known = Map.groupBy(
    [...place.children].map((child, i) => [keyOf(child, i), child] as const),
    ([key]) => key,
  );
  const wanted = [...next.children].map((child, i) => {
    const key = keyOf(child, i);
    // Clients choose the ids of requests, so several elements may have the same key.
    const [, found] = known.get(key)?.shift() ?? [];
    if (!found) return child;
    merge(found, child);
    return found;
  });
  const kept = new Set(wanted);
  for (const child of [...place.children]) if (!kept.has(child)) child.remove();
  // An element that is moved would lose the focus.
  wanted.forEach((child, i) => {
    if (place.children[i] !== child) place.insertBefore(child, place.children[i] ?? null);
  });
}

function keyOf(element: Element, position: number): string {
  return `${element.nodeName} ${element.getAttribute("data-key") ?? position}`;
}
