import type { AccessTokens } from "../gateway/model/access_tokens.ts";
import { camelCased } from "./camel_case.ts";
import type { Config } from "./schema.ts";

type OauthTable = NonNullable<Config["route"][number]["oauth"]>;

/**
 * Converts an `oauth` table of a rule.
 *
 * @param table which is valid
 */
export function oauthFrom({ key_file: key, ...table }: OauthTable): AccessTokens {
  return { client: { ...camelCased(table), ...(key !== undefined && { key }) } };
}
