import {
  type RedisLocation,
  shownAddress,
  type StoreAddress,
} from "../../../config/ledger/redis_location.ts";
import { Discovery } from "./discovery.ts";
import { ReconnectingLink } from "./reconnecting_link.ts";
import type { Link, NodeEvents, Nodes } from "./nodes.ts";
import { fieldsOf } from "./replies.ts";
import { isElsewhere } from "./server_errors.ts";

const POLL_MS = 500;

// A primary that was replaced goes on until Sentinel has told it so. By then all gateways have heard of the new one from a
// Sentinel: these tell each other every 2 s.
const OVERLAP_MS = 4_000;

/** The primary that Sentinels name. It is followed when they name another one, also while the old one answers. */
export class SentinelNodes implements Nodes {
  readonly overlapMs = OVERLAP_MS;
  readonly #location: RedisLocation;
  readonly #discovery: Discovery;
  readonly #kept: ReconnectingLink;
  readonly #poll: Timer;

  /**
   * @param location of the Sentinels
   * @param events of the connection
   */
  constructor(location: RedisLocation, events: NodeEvents) {
    this.#location = location;
    const { isTls } = location;
    this.#discovery = new Discovery({ kind: "sentinel", isTls, database: 0 });
    const locate = () => this.#locate();
    this.#kept = new ReconnectingLink({ locate, access: location, events });
    this.#poll = setInterval(() => void this.#follow(), POLL_MS);
  }

  get tried(): Promise<unknown> {
    return this.#kept.tried;
  }

  linkFor(): Link | undefined {
    return this.#kept.link;
  }

  failed(link: Link, message: string): void {
    if (link === this.#kept.link && isElsewhere(message)) this.#kept.renew();
  }

  close(): void {
    clearInterval(this.#poll);
    this.#kept.close();
    this.#discovery.close();
  }

  async #follow(): Promise<void> {
    const { link, address } = this.#kept;
    const named = await this.#locate();
    const isOther = named && address && shownAddress(named) !== shownAddress(address);
    if (isOther && this.#kept.link === link) this.#kept.renew();
  }

  /** A Sentinel that was cut off may name an old primary. The latest configuration counts. */
  async #locate(): Promise<StoreAddress | undefined> {
    const { addresses, name = "" } = this.#location;
    const answers = await Promise.all(
      addresses.map((address) => this.#discovery.ask(address, ["SENTINEL", "MASTER", name])),
    );
    let latest: { epoch: number; address: StoreAddress } | undefined;
    for (const answer of answers) {
      const named = primaryOf(answer);
      if (named && (!latest || named.epoch > latest.epoch)) latest = named;
    }
    return latest?.address;
  }
}

/** Reads the answer to `SENTINEL MASTER`. */
function primaryOf(answer: unknown): { epoch: number; address: StoreAddress } | undefined {
  const { ip, port, "config-epoch": epoch } = fieldsOf(answer) ?? {};
  if (typeof ip !== "string") return undefined;
  return { epoch: Number(epoch), address: { host: ip, port: Number(port) } };
}
