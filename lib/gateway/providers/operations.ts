import { ANTHROPIC_OPERATIONS } from "./anthropic/operations.ts";
import { BEDROCK_OPERATIONS } from "./bedrock/operations.ts";
import { GOOGLE_OPERATIONS } from "./google/operations.ts";
import { VERTEX_OPERATIONS } from "./google/vertex.ts";
import { AZURE_OPERATIONS, OPENAI_OPERATIONS } from "./openai/operations.ts";
import type { Operation } from "./operation.ts";
import type { ProviderName } from "./provider.ts";

/** The operations of each provider of models: everything that a guarded request may be. */
export const OPERATIONS: Readonly<Record<Exclude<ProviderName, "mcp">, readonly Operation[]>> = {
  openai: OPENAI_OPERATIONS,
  azure: AZURE_OPERATIONS,
  anthropic: ANTHROPIC_OPERATIONS,
  google: GOOGLE_OPERATIONS,
  vertex: VERTEX_OPERATIONS,
  bedrock: BEDROCK_OPERATIONS,
};

/**
 * Models that search the web without a tool in the body: `gpt-4o-search-preview` and `gpt-5-search-api` of OpenAI, any model of
 * OpenRouter behind whose name stands `:online`, and `groq/compound`, whose earlier name is `compound-beta`. Searches are billed
 * beside the tokens (https://platform.openai.com/docs/pricing, https://openrouter.ai/docs/features/web-search,
 * https://console.groq.com/docs/compound/systems).
 */
export const SEARCHING_MODELS: RegExp =
  /(?:-search-(?:preview|api)|:online|groq\/compound|(?<![a-z0-9-])compound-beta)(?![a-z0-9])/i;

/** What may stand between the path of the rule's `url` and that of an operation. */
export const VERSIONS: readonly string[] = [
  "",
  "/v1",
  "/v1beta",
  "/v1alpha",
  "/api/v1",
  "/openai/v1",
];

/** The query parameters of all operations, each with its values and the entry of `allow` that it needs. */
export const QUERY: Readonly<Record<string, { values: RegExp; needs?: string }>> = {
  alt: { values: /^(sse|json)$/ },
  "api-version": { values: /^[A-Za-z0-9.-]{1,64}$/ },
  beta: { values: /^true$/, needs: "beta" },
};

/** The values of parameters that page through a list. */
export const PAGE: RegExp = /^[A-Za-z0-9._~%+/=-]{0,1024}$/;

/** The request headers that are forwarded. */
export const HEADERS: ReadonlySet<string> = new Set([
  "accept",
  "anthropic-dangerous-direct-browser-access",
  "anthropic-version",
  "content-type",
  "idempotency-key",
  "user-agent",
  "x-goog-api-client",
]);

/** The starts of names of request headers that are forwarded. */
export const HEADER_PREFIXES: readonly string[] = ["x-stainless-"];

/** The request headers that turn on what the entry `beta` of `allow` opens. */
export const BETA_HEADERS: ReadonlySet<string> = new Set(["anthropic-beta", "openai-beta"]);
