// One Map of a million entries stops the process for as long as it takes to copy it when it grows.
// A power of two.
const PARTS = 256;

// More than one, so that entries that expire together are dropped faster than new ones come.
const NEIGHBOURS = 2;

/**
 * A map of entries that expire, for a million of them and more. It grows in small steps, and each new entry
 * also drops expired neighbours, so that no call takes long.
 */
export class SpreadMap<Value extends object> {
  readonly #parts: (Part<Value> | undefined)[] = Array.from({ length: PARTS });
  readonly #expiryOf: (value: Value) => number;
  #size = 0;

  /** @param expiryOf returns when a value expires, in milliseconds since the epoch */
  constructor(expiryOf: (value: Value) => number) {
    this.#expiryOf = expiryOf;
  }

  /** The number of entries, expired ones included. */
  get size(): number {
    return this.#size;
  }

  /**
   * Returns the value of a key, unless it has expired.
   *
   * @param key of the entry
   * @param now milliseconds since the epoch
   */
  get(key: string, now: number): Value | undefined {
    if (this.#size === 0) return undefined;
    const value = this.#partOf(key).entries.get(key);
    return value && this.#expiryOf(value) > now ? value : undefined;
  }

  /**
   * Sets the value of a key. A new entry drops up to two expired ones.
   *
   * @param key of the entry
   * @param value of the entry
   * @param now milliseconds since the epoch
   */
  set(key: string, value: Value, now: number): void {
    const part = this.#partOf(key);
    const { size } = part.entries;
    part.entries.set(key, value);
    if (part.entries.size === size) return;
    this.#size++;
    for (let checked = 0; checked < NEIGHBOURS; checked++) this.#dropExpired(part, now);
  }

  /** Removes an entry. */
  delete(key: string): void {
    if (this.#size > 0 && this.#partOf(key).entries.delete(key)) this.#size--;
  }

  #dropExpired(part: Part<Value>, now: number): void {
    const { value: entry } = part.next();
    if (!entry || this.#expiryOf(entry[1]) > now) return;
    part.entries.delete(entry[0]);
    this.#size--;
  }

  #partOf(key: string): Part<Value> {
    let hash = 0;
    for (let at = 0; at < key.length; at++) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
    return (this.#parts[hash & (PARTS - 1)] ??= new Part());
  }
}

class Part<Value> {
  readonly entries = new Map<string, Value>();
  #cursor = this.entries.entries();

  /** Returns the next entry of an endless round over all entries. */
  next(): IteratorResult<[string, Value], undefined> {
    const result = this.#cursor.next();
    if (result.done) this.#cursor = this.entries.entries();
    return result;
  }
}
