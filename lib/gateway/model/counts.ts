/** What limits count of a request to an API of models. */
export interface Counts {
  tokens: boolean;
  cost: boolean;
}

/** No limit counts anything. */
export const NO_COUNTS: Counts = { tokens: false, cost: false };

/** Whether a limit counts something. The request is then guarded. */
export function isCounted({ tokens, cost }: Counts): boolean {
  return tokens || cost;
}
