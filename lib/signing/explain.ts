/**
 * Explains signed URLs and access tokens, and why a gateway refuses them: for development and support. It is a separate
 * entry, so that a page or worker that only signs does not load it.
 */
export { type Cause, type CauseCode } from "./explain/cause.ts";
export { explainToken, type ExplainTokenOptions } from "./explain/explain_token.ts";
export { type ExplainOptions, explainUrl } from "./explain/explain_url.ts";
export { type ExplainedParts, type Explanation } from "./explain/explanation.ts";
export { type Life } from "./explain/life.ts";
export { type OtherApp } from "./explain/mistake.ts";
export { type ExplainedToken, type TokenExplanation } from "./explain/token_explanation.ts";
export { isTokenLike } from "./explain/token_form.ts";
export { type TokenTimes } from "./explain/token_life.ts";
