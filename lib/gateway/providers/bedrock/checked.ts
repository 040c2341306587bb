/**
 * The sources that the tables of this folder were checked against: the types of the SDK, beside the API reference
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html).
 */
export const CHECKED = "@aws-sdk/client-bedrock-runtime 3.1164.0 (npm), 2026-11-29";
