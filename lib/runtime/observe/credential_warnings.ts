import type { ExchangeRecord } from "../../gateway/record/exchange_record.ts";
import type { Logger } from "./log.ts";
import { Reminders } from "./reminders.ts";

/** Warns of upstreams that refuse the credential that the operator gave, once a minute for each rule of an app. */
export class CredentialWarnings {
  readonly #log: Logger;
  readonly #reminders: Reminders;

  /**
   * @param log gets the warnings
   * @param now a clock in milliseconds
   */
  constructor(log: Logger, now: () => number) {
    this.#log = log;
    this.#reminders = new Reminders(now);
  }

  /**
   * Warns if the upstream of an exchange refused the credential.
   *
   * @param record of the exchange
   */
  observe({ app = "", rule, credentialRefused: status }: Readonly<ExchangeRecord>): void {
    if (status === undefined || rule === undefined) return;
    if (!this.#reminders.isDue(`${app}\n${rule}`)) return;
    const fields = { code: "credential_refused", app, rule, upstream_status: status };
    this.#log.warn(fields, "an upstream refuses the operator's credential");
  }
}
