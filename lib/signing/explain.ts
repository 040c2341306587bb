/**
 * Explains signed URLs, and why a gateway refuses them: for development and support. It is a separate
 * entry, so that a page or worker that only signs does not load it.
 */
export { type Cause, type CauseCode } from "./explain/cause.ts";
export { type ExplainOptions, explainUrl } from "./explain/explain_url.ts";
export { type ExplainedParts, type Explanation } from "./explain/explanation.ts";
export { type Life } from "./explain/life.ts";
export { type OtherApp } from "./explain/mistake.ts";
