import type { RequestBound } from "../../model/bound.ts";
import { highestCost } from "../../usage/cost.ts";
import { inputBound } from "../input_bound.ts";
import type { CurrentPrices } from "../usage_reading.ts";
import { SPEECH } from "./realtime_usage.ts";

/** The most output tokens of a response of the API. */
export const MOST_OUTPUT = 4096;
const LEAST_OUTPUT = 16;

const encoder = new TextEncoder();

/** Bounds what the responses of a session can cost: each is billed for everything that was said before. */
export class SessionBound {
  readonly #model: string;
  readonly #prices: CurrentPrices;
  #input = 0;
  /** The bound of the input of the last response. */
  #bound = 0;

  /**
   * @param model of the handshake
   * @param prices of the moment
   */
  constructor(model: string, prices: CurrentPrices) {
    this.#model = model;
    this.#prices = prices;
  }

  /** Adds a message to the upstream. Speech has fewer tokens than bytes, too. */
  sent(message: string): void {
    const bytes = encoder.encode(message);
    const parts = { bytes, images: 0, hasToolsOrSchema: false, isUnbounded: false };
    this.#input += inputBound(parts, {});
  }

  /**
   * Adds a response that has ended, which is input from now on. If it was billed for more input than its bound, the session has
   * something that nobody sent here, and each further response is billed for it too.
   *
   * @param outputTokens of the response
   * @param inputTokens as reported. Default: there is no report
   */
  responded(outputTokens: number, inputTokens = 0): void {
    this.#input += outputTokens + Math.max(0, inputTokens - this.#bound);
  }

  /**
   * The most that the next response can cost.
   *
   * @param cap the output cap of the response, in tokens; {@link MOST_OUTPUT} at most
   * @param isAsked whether the client asks for it, and not a policy or nobody
   */
  next(cap: number, isAsked: boolean): RequestBound {
    const { table, now } = this.#prices;
    const priced = table.find("openai", this.#model, now);
    const ofWindow = { bytes: new Uint8Array(), images: 0, hasToolsOrSchema: false };
    const window = inputBound({ ...ofWindow, isUnbounded: true }, {}, priced?.contextWindow);
    // Tools have a prompt of their own, which the provider adds.
    const frame = inputBound({ ...ofWindow, hasToolsOrSchema: true, isUnbounded: false }, {});
    const inputTokens = Math.min(this.#input + frame, window);
    this.#bound = inputTokens;
    const cost = priced && highestCost(inputTokens, priced, { media: SPEECH, hasOutput: true });
    return {
      inputTokens,
      multiplicity: 1,
      elastic: { least: Math.min(LEAST_OUTPUT, cap), most: cap, isAsked },
      ...(cost && { cost }),
    };
  }
}
