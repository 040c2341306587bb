/**
 * Finds an element of the page.
 *
 * @param selector in CSS
 * @param type the class that the element has to have
 * @param parent where to look; default: the whole document
 * @throws TypeError when the page has no such element
 */
export function findElement<T>(
  selector: string,
  type: new () => T,
  parent: ParentNode = document,
): T {
  const element = parent.querySelector(selector);
  if (!(element instanceof type)) throw new TypeError(`the page lacks ${selector}`);
  return element;
}
