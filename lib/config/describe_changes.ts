import { camelCase } from "./camel_case.ts";
import type { SettingRows } from "./rows/setting_row.ts";
import { SETTINGS } from "./settings_table.ts";
import type { Settings } from "./settings.ts";

/** The settings that a reload changed, by name. */
export interface Changes {
  /** Settings that take effect for new requests. */
  changed: string[];
  /** Settings that take effect at the next start. */
  needRestart: string[];
}

/** Apps, routes and policies are compared one by one; a changed list of files is not a changed setting. */
const NOT_COMPARED: ReadonlySet<string> = new Set(["apps", "routes", "policies", "files"]);

/**
 * Compares two versions of the settings. The result contains names and no values.
 *
 * @param before the old settings
 * @param after the new settings
 * @param rows the settings of the file. Default: all settings of this version.
 * @returns the names as in `Settings`, or as in the file if a restart is needed
 */
export function describeChanges(
  before: Settings,
  after: Settings,
  rows: SettingRows = SETTINGS,
): Changes {
  const changes: Changes = { changed: [], needRestart: [] };
  const restarting = restartKeys(rows);
  for (const name of Object.keys({ ...before, ...after }) as (keyof Settings)[]) {
    if (NOT_COMPARED.has(name) || isDeepEqual(before[name], after[name])) continue;
    const isTls = name === "tls" && startsOrEndsTls(before, after);
    const key = isTls ? "tls_cert and tls_key" : restarting.get(name);
    if (key === undefined) changes.changed.push(name);
    else if (!changes.needRestart.includes(key)) changes.needRestart.push(key);
  }
  const apps = compareItems("app", byId(before), byId(after));
  const routes = compareItems("route", byPath(before), byPath(after));
  const policies = compareItems("policy", byName(before), byName(after));
  changes.changed.push(...apps, ...routes, ...policies);
  return changes;
}

/**
 * The keys of the file whose change needs a restart, by their names in `Settings`. TLS is not among them: see {@link startsOrEndsTls}.
 *
 * @param rows the settings of the file. Default: all settings of this version.
 */
export function restartKeys(rows: SettingRows = SETTINGS): Map<keyof Settings, string> {
  const entries = Object.entries(rows).flatMap(([key, { needsRestart, becomes }]) =>
    needsRestart ? (becomes ?? [camelCase(key)]).map((name) => [name, key] as const) : [],
  );
  return new Map(entries as [keyof Settings, string][]);
}

/** Whether one of two versions of the settings has a certificate and the other has none. */
export function startsOrEndsTls(before: Settings, after: Settings): boolean {
  return (before.tls === undefined) !== (after.tls === undefined);
}

function byId({ apps }: Settings): ReadonlyMap<string, object> {
  return new Map(apps.map((app) => [app.id, app]));
}

function byPath({ routes }: Settings): ReadonlyMap<string, object> {
  return new Map(routes.map((route) => [route.path, route]));
}

function byName({ policies }: Settings): ReadonlyMap<string, object> {
  return new Map(policies.map((policy) => [policy.name, policy]));
}

function compareItems(
  kind: string,
  before: ReadonlyMap<string, object>,
  after: ReadonlyMap<string, object>,
): string[] {
  const addedOrChanged = [...after].flatMap(([name, item]) => {
    if (!before.has(name)) return [`${kind} ${name} added`];
    return isDeepEqual(before.get(name), item) ? [] : [`${kind} ${name} changed`];
  });
  const removed = [...before.keys()].filter((name) => !after.has(name));
  return [...addedOrChanged, ...removed.map((name) => `${kind} ${name} removed`)];
}

/** Whether two values are equal. Their keys are in the same order, because the same code builds both. */
function isDeepEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
