import { BETA_HEADERS, HEADER_PREFIXES, HEADERS } from "../../providers/operations.ts";
import { MCP_HEADER_PREFIXES, MCP_HEADERS } from "../../providers/mcp/headers.ts";

/** Whether a header of the client is forwarded, by its name in lower case. */
export type IsForwarded = (name: string) => boolean;

/** Headers that make an answer one that cannot be read, whatever the policy opens. */
const UNREADABLE: ReadonlySet<string> = new Set(["accept-encoding", "range"]);

/**
 * Which headers of the client are forwarded.
 *
 * @param allow the entries of `allow`: `header:NAME` opens one, `beta` those that turn on beta features
 * @param isAnswerRead whether the gateway reads the answer, so that it must be whole and without a coding
 * @param isMcp whether the request is for an MCP server
 */
export function forwardedHeaders(
  allow: ReadonlySet<string>,
  { isAnswerRead, isMcp }: { isAnswerRead: boolean; isMcp: boolean },
): IsForwarded {
  const opensBeta = allow.has("beta");
  return (name) => {
    if (HEADERS.has(name) || startsWithOneOf(name, HEADER_PREFIXES)) return true;
    if (isMcp && (MCP_HEADERS.has(name) || startsWithOneOf(name, MCP_HEADER_PREFIXES))) return true;
    if (isAnswerRead && (UNREADABLE.has(name) || name.startsWith("if-"))) return false;
    return (opensBeta && BETA_HEADERS.has(name)) || allow.has(`header:${name}`);
  };
}

function startsWithOneOf(name: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => name.startsWith(prefix));
}
