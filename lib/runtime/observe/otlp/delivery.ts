import type { Answer, Payload, Post } from "./post.ts";

/** Settings of {@link Delivery}. */
export interface DeliveryOptions {
  post: Post;
  /** How long one payload is tried, in milliseconds. Default: a minute. */
  patience?: number;
  /** The first pause between two tries, in milliseconds. Default: a second. */
  firstPause?: number;
}

/** How the delivery of a payload ended. */
export type Delivered =
  { isAccepted: true; rejected: number } | { isAccepted: false; reason: string };

/**
 * Returns how a delivery ended whose payload could not be made. The message of the error may quote what is secret.
 *
 * @param error that was thrown
 */
export function failedExport(error: unknown): Delivered {
  const name = error instanceof Error ? error.name : typeof error;
  return { isAccepted: false, reason: `internal error (${name})` };
}

const PATIENCE_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

// A collector may ask for years by mistake.
const LONGEST_SILENCE_MS = 3_600_000;

/**
 * Delivers payloads to one collector: again after a pause that grows, if the collector may take them later. Nothing is sent
 * before the time that the collector has asked for.
 */
export class Delivery {
  readonly #post: Post;
  readonly #patience: number;
  readonly #firstPause: number;
  readonly #stop = new AbortController();
  #isStopping = false;
  #endPause: (() => void) | undefined;
  #notBefore = -Infinity;
  #lastReason = "";

  /** @param options how payloads are sent, and for how long */
  constructor({ post, patience = PATIENCE_MS, firstPause = FIRST_PAUSE_MS }: DeliveryOptions) {
    this.#post = post;
    this.#patience = patience;
    this.#firstPause = firstPause;
  }

  /**
   * Delivers a payload. It never rejects. If the collector takes nothing until after the patience, it is lost at once.
   *
   * @param payload the body of an export
   * @returns how it ended
   */
  async deliver(payload: Payload): Promise<Delivered> {
    const start = performance.now();
    let pause = this.#notBefore - start;
    for (let tries = 0; ; tries++) {
      if (pause > 0) {
        const isLast = performance.now() - start + pause > this.#patience;
        if (isLast || this.#isStopping) return { isAccepted: false, reason: this.#lastReason };
        await this.#wait(pause);
      }
      const answer = await this.#post(payload, this.#stop.signal);
      if (answer.kind === "accepted") return { isAccepted: true, rejected: answer.rejected };
      if (answer.kind === "refused") return { isAccepted: false, reason: answer.reason };
      this.#lastReason = answer.reason;
      pause = this.#pauseFor(answer, tries);
    }
  }

  /** Ends the pause, if there is one. From now on each payload is tried once, until the collector asks for a pause: what is left is lost then. */
  hurry(): void {
    this.#isStopping = true;
    // There is no later.
    this.#notBefore = -Infinity;
    this.#endPause?.();
  }

  /** Ends what is being sent. */
  abort(): void {
    this.hurry();
    this.#stop.abort();
  }

  #pauseFor({ afterMs }: Answer & { kind: "later" }, tries: number): number {
    const longest = Math.min(this.#firstPause * 2 ** tries, LONGEST_PAUSE_MS);
    const silence = Math.min(afterMs, LONGEST_SILENCE_MS);
    if (silence > 0) this.#notBefore = performance.now() + silence;
    // Gateways that lost the same collector do not come back at the same moment.
    return Math.max(longest * (0.5 + Math.random() / 2), silence);
  }

  async #wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    timer.unref();
    this.#endPause = resolve;
    await promise;
    clearTimeout(timer);
    this.#endPause = undefined;
  }
}
