/** A child of an element. A text is text, and never HTML. */
export type Child = Node | string;

/**
 * Makes an element.
 *
 * @param name of the element
 * @param attributes of the element
 * @param children in their order
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/**
 * Finds an element of the page.
 *
 * @param id of the element
 */
export function byId<Type extends HTMLElement = HTMLElement>(id: string): Type {
  return document.getElementById(id) as Type;
}

/**
 * Makes a button.
 *
 * @param text on it
 * @param onClick called when it is used
 * @param label that says what it is for, also to those who do not see where it is
 */
export function button(text: string, onClick: () => void, label: string): HTMLButtonElement {
  const made = element("button", { type: "button", "aria-label": label, class: "danger" }, text);
  made.addEventListener("click", onClick);
  return made;
}

/** A column of a table. */
export interface Column<Row> {
  title: string;
  cell: (row: Row) => Child;
  isNumber?: boolean;
}

/** Options of {@link table}. */
export interface TableOptions<Row> {
  /** The sentence in place of a table without rows. */
  empty: string;
  /** Identifies a row among the others. Default: its position. */
  keyOf?: (row: Row) => string;
}

/**
 * Makes a table, or a sentence when it has no rows.
 *
 * @param rows of the table
 * @param columns of the table
 * @param options the sentence, and what the rows are about
 */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { empty, keyOf }: TableOptions<Row>,
): HTMLElement {
  if (rows.length === 0) return element("p", { class: "empty" }, empty);
  const classOf = ({ isNumber }: Column<Row>) => (isNumber ? { class: "number" } : {});
  const head = columns.map((column) =>
    element("th", { scope: "col", ...classOf(column) }, column.title),
  );
  const cellOf = (row: Row, column: Column<Row>) =>
    // A phone shows the title beside the cell.
    element("td", { "data-title": column.title, ...classOf(column) }, column.cell(row));
  const body = rows.map((row) =>
    element(
      "tr",
      keyOf ? { "data-key": keyOf(row) } : {},
      ...columns.map((column) => cellOf(row, column)),
    ),
  );
  return element(
    "table",
    { "data-key": columns.map(({ title }) => title).join() },
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...body),
  );
}
