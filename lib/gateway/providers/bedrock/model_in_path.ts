/**
 * The id of a model or of an inference profile in a path, such as `eu.anthropic.claude-sonnet-4-5-20250929-v1:0`. SDKs
 * encode the colon. An ARN, which may be of any resource in the account, is none.
 */
export const MODEL_IN_PATH: RegExp = /^[\w-]+(?:\.[\w-]+)+(?:(?::|%3a)\d+)?$/i;

/** One of Anthropic, with the region of an inference profile or without. */
export const CLAUDE_IN_PATH: RegExp = /^(?:[a-z-]+\.)?anthropic\.[\w.-]+(?:(?::|%3a)\d+)?$/i;
