import { parseToken, TokenError, type TokenPermits } from "../../../signing/verify.ts";
import type { Arguments } from "../../arguments/parse_arguments.ts";
import type { TryFlagName } from "../../arguments/try_flags.ts";
import { mistakesInUrl } from "./request_to_sign.ts";

type Given = Arguments<TryFlagName>["given"];

// Of the gateway's URL only the path and the query count.
const GATEWAY = "http://localhost";

/**
 * Determines the URL of a request at the gateway.
 *
 * @param given from `parseArguments`
 * @param token that the request has
 * @param mistakes gets every mistake, without a URL
 * @param publicPath the path prefix that a proxy in front of the gateway strips
 * @returns the URL as the gateway receives it; `undefined` when there was a mistake
 */
export function urlToTry(
  given: Given,
  token: string | undefined,
  mistakes: string[],
  publicPath: string,
): URL | undefined {
  const [url] = given.get("url") ?? [];
  if (given.has("token") === (url !== undefined)) {
    mistakes.push("try needs either --token or --url");
    return undefined;
  }
  if (url === undefined)
    return token === undefined ? undefined : urlOfToken(given, token, mistakes);
  if (given.has("target")) mistakes.push("--target needs --token: --url has the target itself");
  const found = mistakesInUrl("--url", url, "https://signway.example.com/");
  mistakes.push(...found);
  return found.length > 0 ? undefined : withoutPrefix(new URL(url), publicPath);
}

/** The path of a request with a token begins with the host of its target. */
function urlOfToken(given: Given, token: string, mistakes: string[]): URL | undefined {
  const [target = onlyTarget(token)] = given.get("target") ?? [];
  if (target === undefined) {
    mistakes.push("--target is missing: the token does not name a single URL that is no prefix");
    return undefined;
  }
  const found = mistakesInUrl("--target", target, "https://api.example.com/v1/chat");
  mistakes.push(...found);
  if (found.length > 0) return undefined;
  const { host, pathname, search } = new URL(target);
  return new URL(`${GATEWAY}/${host}${pathname}${search}`);
}

/** The only URL that a token names. Of a malformed token it is any, because the gateway refuses it anyway. */
function onlyTarget(token: string): string | undefined {
  const { to = [] } = permitsOf(token) ?? {};
  const [first, ...others] = new Set(to.map(({ origin, path }) => origin + path));
  return others.length > 0 || first?.endsWith("/") ? undefined : first;
}

function permitsOf(token: string): TokenPermits | undefined {
  try {
    return parseToken(token).permits;
  } catch (error) {
    if (error instanceof TokenError) return MALFORMED;
    throw error;
  }
}

const MALFORMED: TokenPermits = { to: [{ origin: "https://target.invalid", path: "/unknown" }] };

function withoutPrefix(url: URL, prefix: string): URL {
  const base = prefix.replace(/\/+$/, "");
  if (!url.pathname.startsWith(`${base}/`)) return url;
  return new URL(url.origin + url.pathname.slice(base.length) + url.search);
}
