import type { ConfigPath, DescribePath } from "../config_path.ts";
import { isTable, type Table, tablesIn } from "../tables.ts";

/**
 * Finds names of policies that no `[[policy]]` has.
 *
 * @param input the whole configuration, not checked
 * @param describePath names a value in a mistake
 * @returns one sentence for each mistake
 */
export function findPolicyContradictions(input: Table, describePath: DescribePath): string[] {
  const known = new Set(tablesIn(input["policy"]).map(({ name }) => name));
  return referencesIn(input).flatMap(({ names, path }) =>
    names.flatMap((name, i) => {
      if (typeof name !== "string" || known.has(name)) return [];
      return [`${describePath([...path, i])} is the name of no [[policy]]`];
    }),
  );
}

interface Reference {
  names: readonly unknown[];
  path: ConfigPath;
}

function referencesIn(input: Table): Reference[] {
  return [
    ...tablesIn(input["app"]).flatMap(({ tokens, upstream }, i) => [
      ...referenceIn(isTable(tokens) ? tokens : {}, ["app", i, "tokens"]),
      ...tablesIn(upstream).flatMap((rule, j) => referenceIn(rule, ["app", i, "upstream", j])),
    ]),
    ...tablesIn(input["route"]).flatMap((route, i) => referenceIn(route, ["route", i])),
  ];
}

function referenceIn({ policy }: Table, path: ConfigPath): Reference[] {
  return Array.isArray(policy) ? [{ names: policy, path: [...path, "policy"] }] : [];
}
