import { isTokenLike } from "../../../signing/explain.ts";

// `signway token --mcp` and proxies write it behind the path of the gateway, as `/~TOKEN/`.
const IN_PATH = /^["'\s]*https?:\/\/[^/?#]+\/(?:[^?#]*\/)?(?:~|%7e)([^/?#]+)/i;

/**
 * Finds the token in the path of a URL.
 *
 * @param text that was pasted
 * @returns `undefined` when it is no URL with a token in its path
 */
export function tokenInPath(text: string): string | undefined {
  const token = IN_PATH.exec(text)?.[1];
  return token !== undefined && isTokenLike(token) ? token : undefined;
}
