import type { Attempt } from "./attempt.ts";
import type { CauseCode } from "./cause.ts";
import type { Bytes } from "../primitives/hmac.ts";

/** An app whose id or secret may have been taken by mistake. */
export interface OtherApp {
  id: string;
  secrets: readonly string[];
}

/** What is known beside the request. */
export interface Surroundings {
  publicPath?: string | undefined;
  others?: readonly OtherApp[] | undefined;
  /** The body as received, whether it is signed or not. */
  body?: Bytes | undefined;
  /** The URL's parameters of other names, as received. */
  foreign?: string | undefined;
}

/** The usual mistakes of one kind: what each changes, and a word of the request that names it. */
export type Mistakes = (
  attempt: Attempt,
  surroundings: Surroundings,
) => Iterable<readonly [code: CauseCode, change: Partial<Attempt>, detail?: string]>;
