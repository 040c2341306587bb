import type { UsageReading } from "../../model/checked_request.ts";
import type { Usage, UsageReader } from "../../model/usage.ts";
import { REALTIME_USAGE } from "../../providers/openai/realtime_usage.ts";
import { costOfUsage } from "../../usage/cost.ts";
import type { Media } from "../../usage/rates.ts";
import { jsonAt, parseJson, usageIn } from "../../usage/usage_numbers.ts";
import { calledModel, type CurrentPrices } from "../usage_reading.ts";

/** A session may speak and listen, and its provider keeps what was said in a cache. */
export const SPEECH: Media = { audio: true, images: true, video: false, cache: true };

const DONE = '"response.done"';

/** The usage that a response has reported. */
export interface ResponseUsage {
  usage: Usage;
  /** In nano-dollars. Absent: a price is not known. */
  cost?: number;
}

/**
 * Reads the end of a response.
 *
 * @param text of an event of the API
 * @param model of the handshake. Absent: it is not known, and has no price
 * @param prices of the moment
 * @returns `undefined` when it is no end; without a report, `null`
 */
export function readResponseEnd(
  text: string,
  model: string | undefined,
  { table, now }: CurrentPrices,
): ResponseUsage | null | undefined {
  // Most messages are pieces of speech, which need not be parsed.
  if (!text.includes(DONE)) return undefined;
  const event = parseJson(text);
  if (jsonAt(event, ["type"]) !== "response.done") return undefined;
  const usage = usageIn(jsonAt(event, ["response", "usage"]) ?? null, model, REALTIME_USAGE);
  if (!usage) return null;
  const priced = model === undefined ? undefined : table.find("openai", model, now);
  // A report does not tell all kinds of tokens apart, so each has the dearest price.
  const cost = priced && costOfUsage(usage, priced, SPEECH);
  return cost === undefined ? { usage } : { usage, cost };
}

/**
 * How the usage of a session of OpenAI's realtime API is read: the sum of what its responses report.
 *
 * @param model of the handshake. Absent: it is not known, and has no price
 * @param prices of the moment
 */
export function realtimeUsage(model: string | undefined, prices: CurrentPrices): UsageReading {
  let reader: SessionUsage | undefined;
  return {
    readerFor: () => (reader = new SessionUsage(model, prices)),
    costOf: () => reader?.cost,
    called: calledModel({ provider: "openai", model, operation: {} }, prices),
  };
}

/** The usage that the responses of a session have reported so far. */
class SessionUsage implements UsageReader {
  readonly #model: string | undefined;
  readonly #prices: CurrentPrices;
  #sum: Usage | undefined;
  #cost: number | undefined = 0;

  constructor(model: string | undefined, prices: CurrentPrices) {
    this.#model = model;
    this.#prices = prices;
  }

  /** In nano-dollars; `undefined` when a price is not known. */
  get cost(): number | undefined {
    return this.#cost;
  }

  // Messages are read, and no body.
  read(): void {}

  readMessage(text: string): void {
    const end = readResponseEnd(text, this.#model, this.#prices);
    if (!end) return;
    const { usage, cost } = end;
    const { input, output, cached = 0 } = this.#sum ?? { input: 0, output: 0 };
    const all = cached + (usage.cached ?? 0);
    this.#sum = {
      ...(this.#model !== undefined && { model: this.#model }),
      input: input + usage.input,
      output: output + usage.output,
      ...(all > 0 && { cached: all }),
    };
    this.#cost = cost === undefined || this.#cost === undefined ? undefined : this.#cost + cost;
  }

  report(): Usage | undefined {
    return this.#sum;
  }
}
