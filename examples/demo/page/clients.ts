import OpenAI, { type ClientOptions } from "openai";
import type { Api } from "./backend.ts";

/** The official client with a token as its key. Its base URL is the API's behind the gateway's. */
export function createTokenClient(
  { gateway, upstream }: Api,
  apiKey: string | (() => Promise<string>),
): OpenAI {
  const { host, pathname } = new URL(upstream);
  return new OpenAI({
    baseURL: `${gateway}/${host}${pathname}`,
    apiKey,
    dangerouslyAllowBrowser: true, // the key is a token that expires
  });
}

/** The official client with a `fetch` that sends to signed URLs. */
export function createUrlClient({ upstream }: Api, fetch: ClientOptions["fetch"] & {}): OpenAI {
  return new OpenAI({
    baseURL: upstream,
    apiKey: "added by the gateway",
    dangerouslyAllowBrowser: true, // there is no key in it
    fetch,
  });
}
