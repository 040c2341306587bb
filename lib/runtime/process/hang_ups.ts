/**
 * The SIGHUPs that a process gets. From its creation on, SIGHUP no longer ends the process, also when nobody listens: a
 * process gets it while it starts and while it ends, too.
 */
export class HangUps {
  #listener: (() => void) | undefined;
  /** Whether one came before anybody listened. */
  #isPending = false;

  /** Takes each SIGHUP of this process until it ends. */
  constructor() {
    process.on("SIGHUP", () => {
      if (this.#listener) this.#listener();
      else this.#isPending = true;
    });
  }

  /**
   * Calls a function at each SIGHUP from now on, and once soon if there was one before.
   *
   * @param listener the only function that is called
   * @returns a function that ends the calls
   */
  listen(listener: () => void): () => void {
    this.#listener = listener;
    setImmediate(() => {
      if (this.#isPending) this.#listener?.();
      this.#isPending = false;
    });
    return () => (this.#listener = undefined);
  }
}
