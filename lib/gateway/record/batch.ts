/** As many items as are handled at once. */
export const BATCH = 64;

/**
 * Items that wait until there are enough of them. To handle them together takes less time, because the code for one item is
 * still in the processor's caches when the next one comes. Nothing but a further item ends the waiting. Whoever reads what the
 * items are counted in has to empty the batch first.
 */
export class Batch<Item> {
  readonly #handle: (item: Item) => void;
  #items: Item[] = [];

  /** @param handle called with each item, in the order in which they came. It must not throw */
  constructor(handle: (item: Item) => void) {
    this.#handle = handle;
  }

  /** Adds an item. When there are {@link BATCH} of them, all are handled. */
  add(item: Item): void {
    if (this.#items.push(item) >= BATCH) this.empty();
  }

  /** Handles the items that wait. */
  empty(): void {
    const items = this.#items;
    this.#items = [];
    for (const item of items) this.#handle(item);
  }
}
