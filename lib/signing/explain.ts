/**
 * What a signed URL means, and what spoils its signature: for development and support. It is an entry
 * of its own, so that a page or worker that only signs does not carry it.
 */
export { type Cause, type CauseCode } from "./explain/cause.ts";
export {
  type ExplainedParts,
  type ExplainOptions,
  type Explanation,
  explainUrl,
  type Life,
} from "./explain/explain_url.ts";
export type { OtherApp } from "./explain/mistake.ts";
