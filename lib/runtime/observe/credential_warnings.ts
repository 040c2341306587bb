import type { ExchangeRecord } from "../../gateway/record/exchange_record.ts";
import type { Logger } from "./log.ts";

const PAUSE_MS = 60_000;

/** Warns of upstreams that refuse the credential that the operator gave, once a minute for each rule of an app. */
export class CredentialWarnings {
  readonly #log: Logger;
  readonly #now: () => number;
  /** When each was warned of last. There are as many as rules. */
  readonly #warnedAt = new Map<string, number>();

  /**
   * @param log gets the warnings
   * @param now a clock in milliseconds
   */
  constructor(log: Logger, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /**
   * Warns if the upstream of an exchange refused the credential.
   *
   * @param record of the exchange
   */
  observe({ app = "", rule, credentialRefused: status }: Readonly<ExchangeRecord>): void {
    if (status === undefined || rule === undefined) return;
    const key = `${app}\n${rule}`;
    const now = this.#now();
    if (now - (this.#warnedAt.get(key) ?? -Infinity) < PAUSE_MS) return;
    this.#warnedAt.set(key, now);
    const fields = { code: "credential_refused", app, rule, upstream_status: status };
    this.#log.warn(fields, "an upstream refuses the operator's credential");
  }
}
