import { parseGrantedTarget } from "../../../signing/token/granted_target.ts";
import { quote } from "../text/quote_word.ts";

/** The clients of `--env`, with their variables and the path after the API's host. */
const CLIENTS = {
  openai: { url: "OPENAI_BASE_URL", path: "/v1", key: "OPENAI_API_KEY" },
  anthropic: { url: "ANTHROPIC_BASE_URL", path: "", key: "ANTHROPIC_API_KEY" },
  google: { url: "GOOGLE_GEMINI_BASE_URL", path: "", key: "GEMINI_API_KEY" },
} as const;

/** A client that `--env` knows. */
export type TokenClient = keyof typeof CLIENTS;

/** Their names. */
export const TOKEN_CLIENTS = Object.keys(CLIENTS);

/** Whether `--env` knows a client of this name. */
export function isTokenClient(name: string): name is TokenClient {
  return Object.hasOwn(CLIENTS, name);
}

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
