import type { OauthClient } from "../gateway/model/access_tokens.ts";

/**
 * The token endpoint of a client, without its query.
 *
 * @param client of a rule
 */
export function placeOfTokens({ tokenUrl }: Pick<OauthClient, "tokenUrl">): string {
  return `${tokenUrl.origin}${tokenUrl.pathname}`;
}
