import type { CountedRecord } from "./usage.ts";

/** Sends records to the process that counts them. */
export type SendRecords = (records: readonly CountedRecord[]) => void;

const PAUSE_MS = 100;
const AT_ONCE = 500;

/** Hands the records of this process on, many at once. */
export class ActivityRelay {
  readonly #send: SendRecords;
  #waiting: CountedRecord[] = [];
  #timer: Timer | undefined;

  /** @param send sends records, and must not throw */
  constructor(send: SendRecords) {
    this.#send = send;
  }

  /**
   * Hands a record on, soon.
   *
   * @param record of an exchange that has ended
   */
  observe(record: CountedRecord): void {
    if (this.#waiting.push(counted(record)) >= AT_ONCE) return this.flush();
    this.#timer ??= setTimeout(() => this.flush(), PAUSE_MS);
  }

  /** Hands on what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    this.#send(this.#waiting);
    this.#waiting = [];
  }
}

const COUNTED = [
  ...(["app", "subject", "model", "method", "upstream", "requestId", "code", "reason"] as const),
  ...(["status", "outcome", "verifyMs", "rule", "headMs", "inputTokens", "outputTokens"] as const),
  ...(["costUsd", "bytesIn", "bytesOut"] as const),
] satisfies readonly (keyof CountedRecord)[];

/** The parts of a record that are counted. What is absent takes no place in a message. */
function counted(record: CountedRecord): CountedRecord {
  const copy: Record<string, unknown> = {};
  for (const name of COUNTED) {
    const value = record[name];
    if (value !== undefined) copy[name] = value;
  }
  return copy as unknown as CountedRecord;
}
