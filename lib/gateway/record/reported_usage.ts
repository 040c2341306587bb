/** Nano-dollars in a dollar. */
export const NANO_DOLLARS = 1e9;

/** The usage of an exchange that a provider reported, in LLM tokens. */
export interface ReportedUsage {
  model?: string;
  input: number;
  output: number;
  cached?: number;
  reasoning?: number;
  /** The name of the model in the table of prices. Absent: it has no price. */
  pricedAs?: string | undefined;
}
