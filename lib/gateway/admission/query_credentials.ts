import type { AuthorizedTarget } from "../model/grant.ts";
import { providerOf } from "../providers/provider.ts";
import { decodeLeniently, splitParameter } from "./token_slots.ts";

const GOOGLE_CREDENTIALS = ["key", "access_token", "oauth_token"];

/**
 * Removes credentials of the caller from the query of a target, where the rule injects a credential: two
 * would make the upstream choose between two accounts. Only Google's APIs read them from the query.
 *
 * @param target of a request with a token; its URL is edited in place
 */
export function removeQueryCredentials({ url, rule }: AuthorizedTarget): void {
  const provider = rule.provider ?? providerOf(url.hostname);
  if (provider !== "google" || rule.headers.length === 0 || url.search === "") return;
  const isKept = (part: string) =>
    !GOOGLE_CREDENTIALS.includes(decodeLeniently(splitParameter(part)[0]).toLowerCase());
  url.search = url.search.slice(1).split("&").filter(isKept).join("&");
}
