import type { RedisLocation } from "../../../config/ledger/redis_location.ts";
import { ReconnectingLink } from "./reconnecting_link.ts";
import type { Link, NodeEvents, Nodes } from "./nodes.ts";
import { isElsewhere } from "./server_errors.ts";

/** One server. */
export class SingleNode implements Nodes {
  readonly #kept: ReconnectingLink;

  /**
   * @param location of the server
   * @param events of the connection
   */
  constructor(location: RedisLocation, events: NodeEvents) {
    const [address] = location.addresses;
    this.#kept = new ReconnectingLink({ locate: () => address, access: location, events });
  }

  get tried(): Promise<unknown> {
    return this.#kept.tried;
  }

  linkFor(): Link | undefined {
    return this.#kept.link;
  }

  failed(link: Link, message: string): void {
    // Behind a name, another server may be the primary now.
    if (link === this.#kept.link && isElsewhere(message)) this.#kept.renew();
  }

  close(): void {
    this.#kept.close();
  }
}
