import type { Policy } from "../model/policy.ts";

/**
 * Whether a policy uses a shorthand for APIs of models and MCP servers. A request under it has to be a known
 * operation.
 *
 * @param policy of one layer
 */
export function isGuarded({ models, maxOutputTokens, allow, system, tools }: Policy): boolean {
  return [models, maxOutputTokens, allow, system, tools].some((value) => value !== undefined);
}
