import { COUNTER_KEYS } from "../../gateway/model/counter_limits.ts";
import type { ConfigPath, DescribePath } from "../config_path.ts";
import { isTable, type Table, tablesIn } from "../tables.ts";

/**
 * Finds limits that can never be kept as they are written.
 *
 * @param input the whole configuration, not checked
 * @param describePath names a value in a mistake
 * @returns one sentence for each mistake
 */
export function findLimitContradictions(input: Table, describePath: DescribePath): string[] {
  const policies = tablesIn(input["policy"]);
  const counting = new Set(policies.filter(isCounting).map(({ name }) => name));
  return [
    ...tablesIn(input["app"]).flatMap((app, i) =>
      findUnknownSubjects(app, ["app", i], describePath),
    ),
    ...tablesIn(input["route"]).flatMap(({ policy }, i) =>
      findUncounted(policy, counting, (index) => describePath(["route", i, "policy", index])),
    ),
  ];
}

function isCounting(policy: Table): boolean {
  return COUNTER_KEYS.some((key) => policy[key] !== undefined);
}

/** Only a token tells the end user. */
function findUnknownSubjects(
  { limits, tokens }: Table,
  path: ConfigPath,
  describePath: DescribePath,
): string[] {
  const hasSubject = isTable(limits) && isTable(limits["subject"]);
  if (!hasSubject || !isTable(tokens) || tokens["enabled"] !== false) return [];
  const place = describePath([...path, "limits", "subject"]);
  return [
    `${place} refuses every request: only tokens have a sub, and the app's tokens are not enabled`,
  ];
}

/** A policy counts for each token or signed URL, and a route has neither. */
function findUncounted(
  names: unknown,
  counting: ReadonlySet<unknown>,
  placeOf: (index: number) => string,
): string[] {
  if (!Array.isArray(names)) return [];
  return names.flatMap((name: unknown, index) =>
    counting.has(name)
      ? [`${placeOf(index)} counts for each token or signed URL, and requests of a route have none`]
      : [],
  );
}
