import { ask } from "./api.ts";
import { byId } from "./elements.ts";
import { whole } from "./numbers.ts";

const PAGE = 25;

/** The page of a list that is shown, and the buttons that turn it. */
export class Pager {
  readonly #name: string;
  readonly #show: () => Promise<void>;
  #offset = 0;
  #asked = 0;
  /** The last question whose answer is shown. */
  #answered = 0;

  /**
   * @param name of the list, with which the ids of its buttons begin
   * @param show shows the page that was turned to
   */
  constructor(name: string, show: () => Promise<void>) {
    this.#name = name;
    this.#show = show;
    this.#button("back").addEventListener("click", () => void this.#turn(-PAGE));
    this.#button("next").addEventListener("click", () => void this.#turn(PAGE));
  }

  /**
   * Asks the admin API for the page.
   *
   * @param path of the list
   * @param query beside the place of the page
   * @returns `undefined` when no answer came, one to a later question came before it, or another page was turned to
   */
  async ask(path: string, query: Readonly<Record<string, string>> = {}): Promise<any> {
    const question = ++this.#asked;
    const offset = this.#offset;
    const place = { limit: String(PAGE), offset: String(offset) };
    const { isOk, body } = await ask(`${path}?${new URLSearchParams({ ...query, ...place })}`);
    if (!isOk || question < this.#answered || offset !== this.#offset) return undefined;
    this.#answered = question;
    return body;
  }

  /** Turns to the first page. */
  restart(): void {
    void this.#turn(-this.#offset);
  }

  /**
   * Says which page is shown and enables its buttons. Turns back when the page is empty.
   *
   * @param count how many entries the page has
   * @param total how many there are
   */
  describe(count: number, total: number): void {
    // Entries that ended may leave a page empty.
    if (count === 0 && this.#offset > 0) return void this.#turn(-PAGE);
    const last = this.#offset + count;
    const first = Math.min(this.#offset + 1, last);
    byId(`${this.#name}-page`).textContent = `${whole(first)} to ${whole(last)} of ${whole(total)}`;
    const [back, next] = [this.#button("back"), this.#button("next")];
    const focused = document.activeElement;
    back.disabled = this.#offset === 0;
    next.disabled = count < PAGE || last >= total;
    // A disabled button loses the focus, and a user of the keyboard would have to start again.
    if (focused === next && next.disabled) back.focus();
    if (focused === back && back.disabled) next.focus();
  }

  #button(name: "back" | "next"): HTMLButtonElement {
    return byId<HTMLButtonElement>(`${this.#name}-${name}`);
  }

  #turn(by: number): Promise<void> {
    this.#offset = Math.max(0, this.#offset + by);
    return this.#show();
  }
}
