import type { Bytes } from "../primitives/hmac.ts";
import type { CauseCode } from "./cause.ts";
import type { Hypothesis } from "./hypothesis.ts";

/** An app whose id or secret may have been used by mistake. */
export interface OtherApp {
  /** The app id. */
  id: string;
  /** The secrets of the app. */
  secrets: readonly string[];
}

/** Everything that may have been signed by mistake. */
export interface MistakeContext {
  /** The path prefix that a reverse proxy in front of the gateway strips. */
  publicPath?: string | undefined;
  /** Apps whose id or secret may have been used by mistake. */
  others?: readonly OtherApp[] | undefined;
  /** The body as received, whether it is signed or not. */
  body?: Bytes | undefined;
  /** The pairs of the query that are not parameters of the protocol, as received. */
  unrelatedQuery?: string | undefined;
}

/**
 * A common mistake: its code, the change to the request that undoes it, and the detail for the texts of
 * its cause.
 */
export type Mistake = readonly [
  code: CauseCode,
  change: Partial<Hypothesis>,
  detail?: string | undefined,
];

/**
 * Lists the common mistakes of one kind.
 *
 * @param received the request as received
 * @param context everything else that may have been signed
 */
export type ListMistakes = (received: Hypothesis, context: MistakeContext) => Iterable<Mistake>;
