/** What a provider reported about an exchange, in LLM tokens. */
export interface ReportedUsage {
  model?: string;
  input: number;
  output: number;
  cached?: number;
  reasoning?: number;
}
