import { parseGrantedTarget } from "../../../signing/token/granted_target.ts";
import type { TokenClient } from "../../arguments/token_flags.ts";
import { quote } from "../text/quote_word.ts";

/** The variables of each client, and the path after the host of its API. */
const CLIENTS: Readonly<Record<TokenClient, { url: string; path: string; key: string }>> = {
  openai: { url: "OPENAI_BASE_URL", path: "/v1", key: "OPENAI_API_KEY" },
  anthropic: { url: "ANTHROPIC_BASE_URL", path: "", key: "ANTHROPIC_API_KEY" },
  google: { url: "GOOGLE_GEMINI_BASE_URL", path: "", key: "GEMINI_API_KEY" },
};

/**
 * Writes the commands that set the variables of a client's SDKs.
 *
 * @param client whose SDKs use the token
 * @param token the token
 * @param gateway the public URL of the gateway
 * @param origin of the API
 * @returns two lines for a POSIX shell
 */
export function exportCommands(
  client: TokenClient,
  token: string,
  gateway: string,
  origin: string,
): string {
  const { url, path, key } = CLIENTS[client];
  const baseUrl = `${baseOf(gateway)}/${new URL(origin).host}${path}`;
  return `export ${url}=${quote(baseUrl)}\nexport ${key}=${quote(token)}\n`;
}

/**
 * Writes the URL of an MCP server behind the gateway, for clients that take only a URL.
 *
 * @param token the token
 * @param gateway the public URL of the gateway
 * @param server the URL of the server, without a fragment
 */
export function mcpUrl(token: string, gateway: string, server: string): string {
  const { host, pathname, search } = new URL(server);
  return `${baseOf(gateway)}/~${token}/${host}${pathname}${search}`;
}

/**
 * Returns the origins of a token's targets, each once.
 *
 * @param targets as `signToken` takes them
 */
export function originsOf(targets: readonly string[]): string[] {
  return [...new Set(targets.flatMap((target) => parseGrantedTarget(target)?.origin ?? []))];
}

function baseOf(gateway: string): string {
  const { origin, pathname } = new URL(gateway);
  return origin + pathname.replace(/\/+$/, "");
}
