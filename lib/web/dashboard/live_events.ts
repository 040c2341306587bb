import { ask } from "./api.ts";
import { byId } from "./elements.ts";

// There is an event a second. A connection may be lost without an end, as when a machine sleeps.
const SILENCE_MS = 10_000;
// A browser does not come back by itself after an error of a proxy in front.
const PAUSE_MS = 3_000;

/** Shows what events bring, and whether they come. */
export class LiveEvents {
  readonly #show: (overview: any) => void;
  #events: EventSource | undefined;
  /** When the last event came or the connection was begun. */
  #heardAt = 0;

  /** @param show shows the state of the gateway */
  constructor(show: (overview: any) => void) {
    this.#show = show;
  }

  /** Begins to listen. */
  start(): void {
    this.#open();
    setInterval(() => this.#check(), 1_000);
  }

  #open(): void {
    this.#events?.close();
    this.#heardAt = performance.now();
    const events = new EventSource("/api/events");
    this.#events = events;
    events.onopen = () => void this.#catchUp();
    events.onerror = showLost;
    events.onmessage = ({ data }) => {
      this.#heardAt = performance.now();
      showState("Live", false);
      this.#show(JSON.parse(data));
    };
  }

  /** An event has the newest of the last hour alone. */
  async #catchUp(): Promise<void> {
    const { isOk, body } = await ask("/api/overview");
    if (isOk) this.#show(body);
  }

  #check(): void {
    const isClosed = this.#events?.readyState === EventSource.CLOSED;
    if (performance.now() - this.#heardAt < (isClosed ? PAUSE_MS : SILENCE_MS)) return;
    showLost();
    this.#open();
  }
}

function showLost(): void {
  showState("Connection lost: the numbers are old", true);
}

function showState(text: string, isLost: boolean): void {
  const state = byId("state");
  // It would be read aloud again.
  if (state.textContent !== text) state.textContent = text;
  state.className = isLost ? "lost" : "";
}
