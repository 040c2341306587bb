import { withinTime } from "../../gateway/ledger/client/clock.ts";
import type { Collected } from "../../gateway/ledger/store.ts";
import type { SenderParts } from "./app_sender.ts";

/** What {@link RemovedApps} needs of the parts that senders share. */
export type RemovedAppsParts = Pick<SenderParts, "store" | "timers" | "name" | "events">;

/** The apps that were removed from the settings while receipts waited. They wait on, in case an app comes back. */
export class RemovedApps {
  readonly #apps = new Set<string>();
  readonly #parts: RemovedAppsParts;

  /** @param parts the store, and who is told of what was dropped */
  constructor(parts: RemovedAppsParts) {
    this.#parts = parts;
  }

  /** An app was removed from the settings. */
  add(app: string): void {
    this.#apps.add(app);
  }

  /**
   * Has the store drop what is too old, since nobody else asks it for these apps.
   *
   * @param inForce the apps that have receipts now
   * @returns a promise that resolves when the store has answered for each app; it does not reject
   */
  async visit(inForce: ReadonlySet<string>): Promise<void> {
    for (const app of inForce) this.#apps.delete(app);
    await Promise.all([...this.#apps].map((app) => this.#dropOld(app)));
  }

  async #dropOld(app: string): Promise<void> {
    const { events } = this.#parts;
    const collected = await this.#collect(app);
    if (!collected) return;
    if (collected.waiting === 0) this.#apps.delete(app);
    if (collected.dropped === 0) return;
    events.onCollected(app, collected);
    events.onRemoved(app);
  }

  /** Takes no receipts. The store reports its failures itself. */
  #collect(app: string): Promise<Collected | undefined> {
    const { store, timers, name: sender } = this.#parts;
    const operation = { kind: "collect", app, sender, delivered: [], isLast: true } as const;
    const asked = Promise.try(() => store.run(operation));
    return withinTime(asked, timers).catch(() => undefined);
  }
}
