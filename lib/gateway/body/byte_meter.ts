/** A limit on bytes, from which blocks are drawn. */
export interface ByteLimit {
  /** The bytes of the body that may be sent so far. */
  readonly allowance: number;
  /**
   * Draws the next block and adds it to the allowance.
   *
   * @returns its size; 0 when the limit is reached
   */
  draw: () => number | Promise<number>;
}

/** Keeps a body within the bytes that were drawn for it. */
export class ByteMeter {
  readonly #limit: ByteLimit;
  #sent = 0;
  /** The size of the last block. */
  #block: number;
  /** A block that is on its way before it is needed. It never rejects. */
  #ahead: Promise<void> | undefined;
  #isUsedUp = false;

  /** @param limit the limit, of which the first block is drawn */
  constructor(limit: ByteLimit) {
    this.#limit = limit;
    this.#block = limit.allowance;
  }

  /**
   * Draws until bytes may be sent.
   *
   * @param count the bytes that are to be sent next
   * @returns how many of them may be sent; fewer only when the limit is reached
   * @throws the error of the limit, as a rejection
   */
  allow(count: number): number | Promise<number> {
    return this.#free >= count ? count : this.#drawUntil(count);
  }

  /** Records that bytes are sent. When half of a block is used, the next one is drawn. */
  spend(count: number): void {
    this.#sent += count;
    if (this.#free < this.#block / 2 && !this.#ahead && !this.#isUsedUp) this.#drawAhead();
  }

  get #free(): number {
    return this.#limit.allowance - this.#sent;
  }

  async #drawUntil(count: number): Promise<number> {
    await this.#ahead;
    while (this.#free < count) {
      const block = await this.#limit.draw();
      if (block === 0) break;
      this.#block = block;
    }
    return Math.min(count, this.#free);
  }

  #drawAhead(): void {
    const drawn = this.#draw();
    if (!(drawn instanceof Promise)) return this.#arrived(drawn);
    const arrived = drawn.then(
      (block) => this.#arrived(block),
      () => {},
    );
    this.#ahead = arrived.then(() => void (this.#ahead = undefined));
  }

  /** After a failure the block is drawn again when it is needed, and then a failure counts. */
  #draw(): number | undefined | Promise<number> {
    try {
      return this.#limit.draw();
    } catch {
      return undefined;
    }
  }

  #arrived(block: number | undefined): void {
    if (block === 0) this.#isUsedUp = true;
    else if (block !== undefined) this.#block = block;
  }
}
