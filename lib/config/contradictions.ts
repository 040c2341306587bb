import type { Place } from "./place.ts";

type Table = Readonly<Record<string, unknown>>;

/**
 * Looks for what is well formed piece by piece and cannot stand together. It works on the input as it
 * was parsed, so that it is told beside whatever else is wrong.
 *
 * @param input the whole configuration
 * @param nameOf how a place is called
 */
export function contradictions(input: unknown, nameOf: (place: Place) => string): string[] {
  const apps = tables(isTable(input) ? input["app"] : undefined);
  const routes = tables(isTable(input) ? input["route"] : undefined);
  return [
    ...(apps.length + routes.length === 0
      ? ["there is no app and no route: nothing could be called"]
      : []),
    ...repeated(apps, "app", "id", nameOf),
    ...apps.flatMap(({ upstream }, i) => deadRules(tables(upstream), ["app", i], nameOf)),
    ...repeated(routes, "route", "path", nameOf),
  ];
}

function repeated(
  items: readonly Table[],
  list: string,
  key: string,
  nameOf: (place: Place) => string,
): string[] {
  return items.flatMap((item, i) => {
    const first = items.findIndex((other) => other[key] === item[key]);
    if (first === i || item[key] === undefined) return [];
    return [`${nameOf([list, i, key])} is the ${key} of ${nameOf([list, first])} too`];
  });
}

function deadRules(
  rules: readonly Table[],
  place: Place,
  nameOf: (place: Place) => string,
): string[] {
  return rules.flatMap((rule, i) => {
    const before = rules.slice(0, i).filter((other) => sameUrl(other, rule));
    if (!covers(before, rule["methods"])) return [];
    const names = before.map((other) => nameOf([...place, "upstream", rules.indexOf(other)]));
    const always = names.join(" or ");
    return [`${nameOf([...place, "upstream", i])} can never match: ${always} always does`];
  });
}

function sameUrl(first: Table, second: Table): boolean {
  return normalized(first["url"]) === normalized(second["url"]);
}

/** Whether rules for the same URL leave none of these methods to a later one. */
function covers(rules: readonly Table[], methods: unknown): boolean {
  if (rules.some((rule) => !Array.isArray(rule["methods"]))) return true;
  const taken = rules.flatMap((rule) => rule["methods"] as unknown[]);
  return Array.isArray(methods) && methods.length > 0 && methods.every((m) => taken.includes(m));
}

function normalized(url: unknown): unknown {
  return typeof url === "string" ? (URL.parse(url)?.href ?? url) : url;
}

function tables(list: unknown): Table[] {
  return Array.isArray(list) ? list.map((item) => (isTable(item) ? item : {})) : [];
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
