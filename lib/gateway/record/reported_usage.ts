/** Nano-dollars in a dollar. */
export const NANO_DOLLARS = 1e9;

/** What a provider reported about an exchange, in LLM tokens. */
export interface ReportedUsage {
  model?: string;
  input: number;
  output: number;
  cached?: number;
  reasoning?: number;
  /** The name of the model in the table of prices. Absent: it has no price. */
  pricedAs?: string | undefined;
}
