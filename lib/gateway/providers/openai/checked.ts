/**
 * The sources that the tables of this folder were checked against: the request types of the SDK, beside the API reference
 * (https://platform.openai.com/docs/api-reference).
 */
export const CHECKED = "openai 7.59.0 (npm), 2026-11-29";
