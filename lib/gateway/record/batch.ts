/** The number of items that are handled together. */
export const BATCH_SIZE = 64;

/**
 * Items that wait until there are enough of them. To handle them together takes less time, because the code for one item is
 * still in the processor's caches when the next one comes. There is no timer: items wait until there are {@link BATCH_SIZE} of
 * them, or until `empty` is called. So what they are counted in is complete only after a call of `empty`.
 */
export class Batch<Item> {
  readonly #handle: (item: Item) => void;
  #items: Item[] = [];

  /** @param handle called with each item, in the order in which they came */
  constructor(handle: (item: Item) => void) {
    this.#handle = handle;
  }

  /**
   * Adds an item. When there are {@link BATCH_SIZE} of them, all are handled.
   *
   * @throws as {@link Batch.empty} does
   */
  add(item: Item): void {
    if (this.#items.push(item) >= BATCH_SIZE) this.empty();
  }

  /**
   * Handles the items that wait.
   *
   * @throws the first error that an item caused, after the other items were handled
   */
  empty(): void {
    const items = this.#items;
    this.#items = [];
    const errors: unknown[] = [];
    for (const item of items) {
      try {
        this.#handle(item);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
