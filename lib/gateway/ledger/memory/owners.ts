import type { OpenRow } from "../algorithm/rows.ts";

/** A process with open reservations in one app. */
interface Owner {
  lease: number | undefined;
  readonly open: Map<string, OpenRow>;
}

/** The open reservations and leases of all apps, in memory. */
export class Owners {
  // An app without owners is kept, because there are few.
  readonly #apps = new Map<string, Map<string, Owner>>();
  // The owner that was asked for last. A process has one owner, and most requests are of few apps.
  #last: { app: string; name: string; owner: Owner } | undefined;
  // An owner without reservations, for the next one. A quiet process has one reservation after the other.
  #spare: Owner | undefined;

  /** Returns what an open reservation holds. */
  open(app: string, owner: string, id: string): OpenRow | undefined {
    return this.#find(app, owner)?.open.get(id);
  }

  /** Sets what an open reservation holds; `undefined` removes it, and with the last one its owner and the lease. */
  setOpen(app: string, owner: string, id: string, row: OpenRow | undefined): void {
    if (row) return void (this.#find(app, owner) ?? this.#create(app, owner)).open.set(id, row);
    const open = this.#find(app, owner)?.open;
    open?.delete(id);
    if (open?.size === 0) this.#remove(app, owner);
  }

  /** Returns up to `count` open reservations of an owner. */
  openOf(app: string, owner: string, count: number): [id: string, row: OpenRow][] {
    const open = this.#find(app, owner)?.open;
    return open ? [...open.entries().take(count)] : [];
  }

  /** Returns when the lease of an owner ends. */
  lease(app: string, owner: string): number | undefined {
    return this.#find(app, owner)?.lease;
  }

  /** Sets when the lease of an owner ends. Nothing is set for an owner without a reservation. */
  setLease(app: string, owner: string, end: number | undefined): void {
    const found = this.#find(app, owner);
    if (found) found.lease = end;
  }

  /** Returns the leases of an app. */
  *leases(app: string): Iterable<[owner: string, end: number]> {
    for (const [owner, { lease = 0 }] of this.#apps.get(app) ?? []) yield [owner, lease];
  }

  #find(app: string, name: string): Owner | undefined {
    const last = this.#last;
    if (last && last.name === name && last.app === app) return last.owner;
    const owner = this.#apps.get(app)?.get(name);
    if (owner) this.#last = { app, name, owner };
    return owner;
  }

  #create(app: string, name: string): Owner {
    const owner = this.#spare ?? { lease: undefined, open: new Map() };
    this.#spare = undefined;
    const owners = this.#apps.get(app);
    if (owners) owners.set(name, owner);
    else this.#apps.set(app, new Map([[name, owner]]));
    return owner;
  }

  #remove(app: string, name: string): void {
    const owners = this.#apps.get(app);
    const owner = owners?.get(name);
    owners?.delete(name);
    this.#last = undefined;
    if (!owner) return;
    owner.lease = undefined;
    this.#spare = owner;
  }
}
