/** The turn of an app in a lane. */
export interface Turn {
  /** Whether it may go on: it has its place, and nobody waits for one. */
  mayGoOn: () => boolean;
  /** Gives the place to the app that waits first. A second call does nothing. */
  leave: () => void;
}

/** A bounded number of apps that send at the same time. Others wait in the order in which they came. */
export class Lane {
  readonly #places: number;
  readonly #onFree: (app: string) => void;
  readonly #waiting = new Set<string>();
  #taken = 0;

  /**
   * @param places how many send at the same time
   * @param onFree called with the app that waits first, when a place is free
   */
  constructor(places: number, onFree: (app: string) => void) {
    this.#places = places;
    this.#onFree = onFree;
  }

  /**
   * Takes a place.
   *
   * @param app the id
   * @returns `undefined` when none is free. Then the app waits
   */
  enter(app: string): Turn | undefined {
    if (this.#taken >= this.#places) return void this.#waiting.add(app);
    this.#waiting.delete(app);
    this.#taken++;
    let isHeld = true;
    return {
      mayGoOn: () => isHeld && this.#waiting.size === 0,
      leave: () => {
        if (!isHeld) return;
        isHeld = false;
        this.#taken--;
        this.#handOn();
      },
    };
  }

  #handOn(): void {
    for (const next of this.#waiting) {
      if (this.#taken >= this.#places) return;
      this.#waiting.delete(next);
      // It may have entered another lane meanwhile, and then it takes no place here.
      this.#onFree(next);
    }
  }
}
