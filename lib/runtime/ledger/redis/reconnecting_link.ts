import type { StoreAddress } from "../../../config/ledger/redis_location.ts";
import type { Link, NodeEvents } from "./nodes.ts";
import type { ServerAccess } from "./server_access.ts";
import { ServerLink } from "./server_link.ts";
import { StoreFaultError } from "./store_fault_error.ts";

/** The parts of {@link ReconnectingLink}. */
export interface ReconnectingLinkParts {
  /** Finds the server; `undefined` when nobody knows it now. */
  locate: () => StoreAddress | undefined | Promise<StoreAddress | undefined>;
  access: ServerAccess;
  events: NodeEvents;
}

const FIRST_PAUSE_MS = 50;
const LAST_PAUSE_MS = 1_000;

/** A connection to a server, which is opened again when it has ended. */
export class ReconnectingLink {
  readonly #parts: ReconnectingLinkParts;
  #link: ServerLink | undefined;
  #address: StoreAddress | undefined;
  #pause = FIRST_PAUSE_MS;
  #timer: Timer | undefined;
  #isClosed = false;
  /** Resolves after the first try, to its error if there was one. */
  readonly tried: Promise<unknown>;

  /** @param parts the server and the callbacks */
  constructor(parts: ReconnectingLinkParts) {
    this.#parts = parts;
    this.tried = this.#open();
  }

  /** The connection; `undefined` while there is none. */
  get link(): Link | undefined {
    return this.#link;
  }

  /** The server of the connection, or of the last try. */
  get address(): StoreAddress | undefined {
    return this.#address;
  }

  /** Ends the connection, so that the server is located again. */
  renew(): void {
    this.#link?.end();
  }

  /** Ends the connection for good. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#link?.end();
  }

  async #open(): Promise<unknown> {
    const { locate, access, events } = this.#parts;
    try {
      this.#address = await locate();
      if (!this.#address) throw new Error("no primary is known");
      const onEnd = (link: ServerLink) => this.#ended(link);
      const link = await ServerLink.open(this.#address, access, onEnd);
      if (this.#isClosed) return void link.end();
      if (link.hasEnded) throw new Error("the connection has ended");
      this.#link = link;
      this.#pause = FIRST_PAUSE_MS;
      events.onLink(link);
      return undefined;
    } catch (error) {
      if (this.#isClosed) return error;
      this.#openLater();
      events.onFailure(error instanceof StoreFaultError ? error.code : "unreachable");
      return error;
    }
  }

  #ended(link: ServerLink): void {
    // One that was never used is reported where it is opened.
    if (this.#link !== link) return;
    this.#link = undefined;
    if (this.#isClosed) return;
    this.#openLater();
    this.#parts.events.onFailure(link.fault ?? "connection_lost");
  }

  #openLater(): void {
    this.#timer = setTimeout(() => void this.#open(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, LAST_PAUSE_MS);
  }
}
