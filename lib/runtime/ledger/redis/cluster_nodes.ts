import {
  type RedisLocation,
  shownAddress,
  type StoreAddress,
} from "../../../config/ledger/redis_location.ts";
import { Discovery } from "./discovery.ts";
import { tagOf } from "./batch.ts";
import { ReconnectingLink } from "./reconnecting_link.ts";
import { SLOTS, slotOf } from "./key_slot.ts";
import type { Link, NodeEvents, Nodes } from "./nodes.ts";
import { isElsewhere } from "./server_errors.ts";
import { ServerLink } from "./server_link.ts";

const POLL_MS = 1_000;

/** Slots that one primary has. */
interface SlotRange {
  from: number;
  to: number;
  primary: StoreAddress;
}

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
      const ranges = rangesOf(answer, address);
      if (ranges) return this.#use(ranges);
    }
  }

  #use(ranges: readonly SlotRange[]): void {
    const slots: (string | undefined)[] = Array.from({ length: SLOTS });
    const primaries = new Map<string, StoreAddress>();
    for (const { from, to, primary } of ranges) {
      const key = shownAddress(primary);
      primaries.set(key, primary);
      slots.fill(key, from, to + 1);
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

/** Reads the answer to `CLUSTER SLOTS`; `undefined` when nothing in it is a range of slots. */
function rangesOf(answer: unknown, asked: StoreAddress): SlotRange[] | undefined {
  if (!Array.isArray(answer)) return undefined;
  const ranges = answer.flatMap((entry: unknown) => rangeOf(entry, asked) ?? []);
  return ranges.length > 0 ? ranges : undefined;
}

function rangeOf(entry: unknown, asked: StoreAddress): SlotRange | undefined {
  if (!Array.isArray(entry)) return undefined;
  const [from, to, node] = entry as unknown[];
  if (!isSlot(from) || !isSlot(to) || !Array.isArray(node)) return undefined;
  const [name, port] = node as unknown[];
  // A node that does not know its own address means the one by which it was asked.
  const host = name === null || name === "" ? asked.host : name;
  if (typeof host !== "string" || typeof port !== "number") return undefined;
  return { from, to, primary: { host, port } };
}

function isSlot(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < SLOTS;
}
