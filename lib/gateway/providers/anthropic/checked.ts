/**
 * The sources that the tables of this folder were checked against: the request types of the SDK, including its `beta` types, beside
 * the API reference (https://platform.claude.com/docs/en/api/messages).
 */
export const CHECKED = "@anthropic-ai/sdk 1.14.0 (npm), 2026-11-29";
