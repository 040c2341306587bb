import { KEPT_EXPIRED_MS, type Revocation, revocationKey } from "./revocation.ts";
import {
  MOST_CHANGES,
  PROCESS_GONE_MS,
  type RevocationStore,
  type SyncReply,
  type SyncRequest,
} from "./revocation_store.ts";

/** Options of {@link MemoryRevocations}. */
export interface MemoryRevocationsOptions {
  /** Returns the current time in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number;
  /** The revocations that were kept before. Default: none. */
  kept?: Iterable<Revocation>;
  /** Keeps changes before they count. If it throws, nothing has changed. Default: they are not kept. */
  keep?: (changes: readonly Revocation[]) => void;
}

interface Numbered {
  sequence: number;
  revocation: Revocation;
}

/** Revocations in the memory of this process. */
export class MemoryRevocations implements RevocationStore {
  readonly #now: () => number;
  readonly #keep: (changes: readonly Revocation[]) => void;
  readonly #epoch = crypto.randomUUID();
  /** In the order of their numbers. */
  readonly #revocations = new Map<string, Numbered>();
  readonly #processes = new Map<string, { knows: number; at: number }>();
  #sequence = 0;

  /** @param options the clock, and where revocations are kept */
  constructor({ now = Date.now, kept = [], keep = () => {} }: MemoryRevocationsOptions = {}) {
    this.#now = now;
    this.#keep = keep;
    for (const revocation of kept) this.#set(revocation);
  }

  sync({ process, epoch, since, put }: SyncRequest): SyncReply {
    const now = this.#now();
    const changes = put.flatMap((revocation) => this.#changeOf(revocation, now) ?? []);
    if (changes.length > 0) this.#keep(changes);
    for (const change of changes) this.#set(change);
    const knows = epoch === this.#epoch ? since : 0;
    if (process !== undefined) this.#processes.set(process, { knows, at: now });
    return { epoch: this.#epoch, ...this.#changesSince(knows), processes: this.#known(now) };
  }

  /** The revocation to store; `undefined` when it is over, or the store has a later one. */
  #changeOf(revocation: Revocation, now: number): Revocation | undefined {
    // What another store had is kept as long as here.
    const expired = revocation.at === 0 ? now : now - KEPT_EXPIRED_MS;
    if (revocation.until <= expired) return undefined;
    const found = this.#revocations.get(revocationKey(revocation))?.revocation;
    if (revocation.at === 0) return { ...revocation, at: Math.max(now, (found?.at ?? 0) + 1) };
    return found && found.at >= revocation.at ? undefined : revocation;
  }

  #set(revocation: Revocation): void {
    const key = revocationKey(revocation);
    // A changed entry of a map keeps its place.
    this.#revocations.delete(key);
    this.#revocations.set(key, { sequence: ++this.#sequence, revocation });
  }

  #changesSince(since: number): Pick<SyncReply, "sequence" | "changes" | "hasMore"> {
    if (since === this.#sequence) return { sequence: since, changes: [], hasMore: false };
    this.#removeOld();
    const later = [...this.#revocations.values()].filter(({ sequence }) => sequence > since);
    const page = later.slice(0, MOST_CHANGES);
    const hasMore = later.length > page.length;
    const sequence = hasMore ? page.at(-1)!.sequence : this.#sequence;
    return { sequence, changes: page.map(({ revocation }) => revocation), hasMore };
  }

  #removeOld(): void {
    const expired = this.#now() - KEPT_EXPIRED_MS;
    for (const [key, { revocation }] of this.#revocations) {
      if (revocation.until <= expired) this.#revocations.delete(key);
    }
  }

  #known(now: number): number[] {
    for (const [process, { at }] of this.#processes) {
      if (now - at > PROCESS_GONE_MS) this.#processes.delete(process);
    }
    return [...this.#processes.values()].map(({ knows }) => knows);
  }
}
