/**
 * The sources that the tables of this folder were checked against: the types of the SDK and the code that turns them into requests,
 * beside the API reference (https://ai.google.dev/api/generate-content). The API reads names of protocol buffers in
 * two spellings; only the one of the reference is on the lists, so `generation_config` is refused.
 */
export const CHECKED = "@google/genai 3.3.0 (npm), 2026-11-29";
