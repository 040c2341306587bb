import type { ExchangeRecord } from "../../gateway/record/exchange_record.ts";
import type { Logger } from "./log.ts";
import { Reminders } from "./reminders.ts";

/** Warns of models that answer and have no price, once a minute for each rule of an app. The price of the requested model counts. */
export class PriceWarnings {
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
   * Warns if another model answered in an exchange, and has no price.
   *
   * @param record of the exchange
   */
  observe({ app = "", rule, model, pricedAs, costUsd }: Readonly<ExchangeRecord>): void {
    if (costUsd === undefined || pricedAs !== undefined) return;
    if (!this.#reminders.isDue(`${app}\n${rule}`)) return;
    this.#log.warn(
      { code: "model_unpriced", app, rule, model },
      "the model that answered has no price: the price of the requested model counts",
    );
  }
}
