import type { DescribePath } from "./config_path.ts";
import { type Table, tablesIn } from "./tables.ts";

// Without a URL, whoever signs chooses the host that gets the credential.
const NEED_URL = ["query"];

/**
 * Finds credentials of rules that do not fit the rest of the rule.
 *
 * @param apps the apps, before validation
 * @param describePath returns the name of a value in a message
 * @returns one sentence per contradiction
 */
export function findCredentialContradictions(
  apps: readonly Table[],
  describePath: DescribePath,
): string[] {
  return apps.flatMap(({ upstream }, app) =>
    tablesIn(upstream).flatMap((rule, i) =>
      NEED_URL.filter((key) => rule[key] !== undefined && rule["url"] === undefined).map(
        (key) => `${describePath(["app", app, "upstream", i, key])} needs the url of its upstream`,
      ),
    ),
  );
}
