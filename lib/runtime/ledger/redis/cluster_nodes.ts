import {
  type RedisLocation,
  shownAddress,
  type StoreAddress,
} from "../../../config/redis_location.ts";
import { Discovery } from "./discovery.ts";
import { tagOf } from "./batch.ts";
import { ReconnectingLink } from "./reconnecting_link.ts";
import { SLOTS, slotOf } from "./key_slot.ts";
import type { Link, NodeEvents, Nodes } from "./nodes.ts";
import { isElsewhere } from "./server_errors.ts";
import { ServerLink } from "./server_link.ts";

const POLL_MS = 1_000;

/** The primaries of a cluster, and which slots they have. */
export class ClusterNodes implements Nodes {
  readonly #location: RedisLocation;
  readonly #events: NodeEvents;
  readonly #discovery: Discovery;
  readonly #kept = new Map<string, ReconnectingLink>();
  readonly #slotOfApp = new Map<string, number>();
  /** The address of each slot's primary. */
  #slots: (string | undefined)[] = [];
  #known: StoreAddress[];
  #asking: Promise<void> | undefined;
  readonly #poll: Timer;
  readonly tried: Promise<unknown>;

  /**
   * @param location of some of its nodes
   * @param events of the connections
   */
  constructor(location: RedisLocation, events: NodeEvents) {
    this.#location = location;
    this.#events = events;
    this.#known = [...location.addresses];
    this.#discovery = new Discovery(location);
    this.tried = this.#refresh().then(() => this.#firstTry());
    this.#poll = setInterval(() => void this.#refresh(), POLL_MS);
  }

  linkFor(app: string): Link | undefined {
    const address = this.#slots[this.#slotOf(app)];
    return address === undefined ? undefined : this.#kept.get(address)?.link;
  }

  failed(link: Link, message: string): void {
    if (!isElsewhere(message)) return;
    // What another node knows is asked for, because this one may be cut off.
    const first = this.#known.shift();
    if (first) this.#known.push(first);
    if (/^(READONLY|MASTERDOWN)/.test(message)) this.#keptOf(link)?.renew();
    void this.#refresh();
  }

  close(): void {
    clearInterval(this.#poll);
    for (const kept of this.#kept.values()) kept.close();
    this.#kept.clear();
    this.#discovery.close();
  }

  #slotOf(app: string): number {
    const found = this.#slotOfApp.get(app);
    if (found !== undefined) return found;
    const slot = slotOf(tagOf(app));
    this.#slotOfApp.set(app, slot);
    return slot;
  }

  #keptOf(link: Link): ReconnectingLink | undefined {
    return [...this.#kept.values()].find((kept) => kept.link === link);
  }

  async #firstTry(): Promise<unknown> {
    const errors = await Promise.all([...this.#kept.values()].map((kept) => kept.tried));
    return errors.length === 0 ? this.#findFault() : errors.find((error) => error);
  }

  /** Nobody knows a primary. Perhaps the server is no node. */
  async #findFault(): Promise<unknown> {
    this.#events.onFailure("unreachable");
    const [address] = this.#location.addresses;
    try {
      const link = await ServerLink.open(address!, this.#location, () => {});
      return void link.end();
    } catch (error) {
      return error;
    }
  }

  #refresh(): Promise<void> {
    return (this.#asking ??= this.#readSlots().finally(() => (this.#asking = undefined)));
  }

  async #readSlots(): Promise<void> {
    for (const address of [...this.#known]) {
      const answer = await this.#discovery.ask(address, ["CLUSTER", "SLOTS"]);
      if (Array.isArray(answer) && answer.length > 0) return this.#use(answer, address);
    }
  }

  #use(ranges: readonly unknown[], asked: StoreAddress): void {
    const slots: (string | undefined)[] = Array.from({ length: SLOTS });
    const primaries = new Map<string, StoreAddress>();
    for (const range of ranges) {
      const [from, to, [host, port]] = range as [number, number, [string | null, number]];
      const address = { host: host || asked.host, port: Number(port) };
      const key = shownAddress(address);
      primaries.set(key, address);
      slots.fill(key, Number(from), Number(to) + 1);
    }
    this.#slots = slots;
    for (const [key, kept] of this.#kept) if (!primaries.has(key)) this.#forget(key, kept);
    for (const [key, address] of primaries) this.#keep(key, address);
    this.#known = [...primaries.values(), ...this.#location.addresses];
  }

  #keep(key: string, address: StoreAddress): void {
    if (this.#kept.has(key)) return;
    const parts = { locate: () => address, access: this.#location, events: this.#events };
    this.#kept.set(key, new ReconnectingLink(parts));
  }

  #forget(key: string, kept: ReconnectingLink): void {
    this.#kept.delete(key);
    kept.close();
  }
}
