import type { ConfigPath, DescribePath } from "../config_path.ts";
import { findAddressContradictions } from "./address_contradictions.ts";
import { findCredentialContradictions } from "./credential_contradictions.ts";
import { findLimitContradictions } from "./limit_contradictions.ts";
import { findPolicyContradictions } from "./policy_contradictions.ts";
import { isTable, type Table, tablesIn } from "../tables.ts";
import { findSignatureContradictions } from "./signature_contradictions.ts";
import { findTokenContradictions } from "./token_contradictions.ts";

/**
 * Finds valid settings that contradict each other. It takes the configuration before validation, so that
 * contradictions are reported together with all other mistakes.
 *
 * @param input the whole parsed configuration
 * @param describePath returns the name of a value in a message
 * @returns one sentence per contradiction
 */
export function findContradictions(input: unknown, describePath: DescribePath): string[] {
  const table = isTable(input) ? input : {};
  const apps = tablesIn(table["app"]);
  const routes = tablesIn(table["route"]);
  return [
    ...(isEmpty(table["app"]) && isEmpty(table["route"])
      ? ["there is no app and no route: add an [[app]] or a [[route]]"]
      : []),
    ...findDuplicates(apps, ["app", "id"], describePath),
    ...(typeof table["admin_token"] === "string" && table["admin"] === undefined
      ? [`${describePath(["admin_token"])} needs ${describePath(["admin"])}`]
      : []),
    ...findAddressContradictions(table, describePath),
    ...apps.flatMap(({ upstream }, i) =>
      findUnreachableRules(tablesIn(upstream), ["app", i, "upstream"], describePath),
    ),
    ...findCredentialContradictions(table, describePath),
    ...findTokenContradictions(table, describePath),
    ...findSignatureContradictions(table, describePath),
    ...findDuplicates(routes, ["route", "path"], describePath),
    ...findDuplicates(tablesIn(table["policy"]), ["policy", "name"], describePath),
    ...findPolicyContradictions(table, describePath),
    ...findLimitContradictions(table, describePath),
  ];
}

function isEmpty(list: unknown): boolean {
  return list === undefined || (Array.isArray(list) && list.length === 0);
}

function findDuplicates(
  items: readonly Table[],
  [list, key]: readonly [list: string, key: string],
  describePath: DescribePath,
): string[] {
  return items.flatMap((item, i) => {
    const first = items.findIndex((other) => other[key] === item[key]);
    if (first === i || item[key] === undefined) return [];
    return [
      `${describePath([list, i, key])} is already the ${key} of ${describePath([list, first])}`,
    ];
  });
}

/** Finds rules whose methods are covered by earlier rules for the same URL, which are tried first. */
function findUnreachableRules(
  rules: readonly Table[],
  list: ConfigPath,
  describePath: DescribePath,
): string[] {
  return rules.flatMap((rule, i) => {
    const before = rules.slice(0, i).filter((other) => isSameUrl(other["url"], rule["url"]));
    if (!coverMethods(before, rule["methods"])) return [];
    const names = before.map((other) => describePath([...list, rules.indexOf(other)]));
    const later = describePath([...list, i]);
    return [`${later} can never match: its URL and methods are covered by ${names.join(" and ")}`];
  });
}

/** Whether rules for one URL cover all of these methods; `undefined` methods are all methods. */
function coverMethods(rules: readonly Table[], methods: unknown): boolean {
  if (rules.some((rule) => !Array.isArray(rule["methods"]))) return true;
  const covered = rules.flatMap((rule) => rule["methods"] as unknown[]);
  if (!Array.isArray(methods) || methods.length === 0) return false;
  return methods.every((method) => covered.includes(method));
}

function isSameUrl(first: unknown, second: unknown): boolean {
  return normalizedUrl(first) === normalizedUrl(second);
}

function normalizedUrl(url: unknown): unknown {
  return typeof url === "string" ? (URL.parse(url)?.href ?? url) : url;
}
