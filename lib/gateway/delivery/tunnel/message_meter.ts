import { ByteMeter, type ByteLimit } from "../../body/byte_meter.ts";

/** Draws the bytes of messages that go both ways from one limit. */
export class MessageMeter {
  readonly #meter: ByteMeter;
  /** The draw that others wait for. Absent: none. */
  #last: Promise<unknown> | undefined;

  /** @param limit the limit, of which the first block is drawn */
  constructor(limit: ByteLimit) {
    this.#meter = new ByteMeter(limit);
  }

  /**
   * Takes the bytes of a message, all of them or none.
   *
   * @param size of the message, in bytes
   * @returns whether there were enough left
   * @throws the error of the limit, as a rejection
   */
  take(size: number): boolean | Promise<boolean> {
    const waiting = this.#last;
    if (waiting) return this.#queue(waiting.then(() => this.#takeNow(size)));
    const taken = this.#takeNow(size);
    return taken instanceof Promise ? this.#queue(taken) : taken;
  }

  #takeNow(size: number): boolean | Promise<boolean> {
    const allowed = this.#meter.allow(size);
    return allowed instanceof Promise
      ? allowed.then((count) => this.#spend(count, size))
      : this.#spend(allowed, size);
  }

  #spend(allowed: number, size: number): boolean {
    if (allowed < size) return false;
    this.#meter.spend(size);
    return true;
  }

  #queue(taken: Promise<boolean>): Promise<boolean> {
    const last = taken.then(
      () => {},
      () => {},
    );
    this.#last = last;
    void last.then(() => {
      if (this.#last === last) this.#last = undefined;
    });
    return taken;
  }
}
