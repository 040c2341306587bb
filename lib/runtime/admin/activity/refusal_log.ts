import type { CountedRecord } from "./usage.ts";

/** A request that was refused, or failed. */
export interface RefusalEntry {
  /** RFC 3339, in UTC. */
  time: string;
  code: string;
  status: number;
  app: string | null;
  reason: string | null;
  method: string;
  /** Without its query; `null` when it is not known. */
  target: string | null;
  request_id: string;
}

const MOST = 200;
const TEXT = 512;

/** The last 200 refusals and failures. */
export class RefusalLog {
  #entries: RefusalEntry[] = [];

  /** The entries, the oldest first. */
  get entries(): readonly RefusalEntry[] {
    return this.#entries;
  }

  /**
   * Notes a refusal.
   *
   * @param code why
   * @param record of the exchange
   * @param now milliseconds since the epoch
   */
  note(code: string, record: CountedRecord, now: number): void {
    const { status, app, reason, method, upstream, requestId } = record;
    this.#entries.push({
      time: new Date(now).toISOString(),
      code,
      status,
      app: app?.slice(0, TEXT) ?? null,
      reason: reason?.slice(0, TEXT) ?? null,
      method: method.slice(0, TEXT),
      target: upstream?.slice(0, TEXT) ?? null,
      request_id: requestId,
    });
    if (this.#entries.length > MOST) this.#entries.shift();
  }

  /**
   * Adds entries, which may be older than some that are here.
   *
   * @param entries of a process, the oldest first
   */
  add(entries: readonly RefusalEntry[]): void {
    if (entries.length === 0) return;
    const all = [...this.#entries, ...entries].sort((one, other) =>
      one.time < other.time ? -1 : Number(one.time > other.time),
    );
    this.#entries = all.slice(-MOST);
  }
}
