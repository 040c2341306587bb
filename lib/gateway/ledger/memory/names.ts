/** Numbers that stand for names. No name is forgotten, so it is for names of which there are few. */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];

  /** Returns the number of a name, which gets one if it has none. */
  numberOf(name: string): number {
    const found = this.#numbers.get(name);
    if (found !== undefined) return found;
    const number = this.#names.push(name) - 1;
    this.#numbers.set(name, number);
    return number;
  }

  /** Returns the name of a number. */
  get(number: number): string {
    return this.#names[number]!;
  }
}
