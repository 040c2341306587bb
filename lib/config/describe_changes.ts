import type { Settings } from "./settings.ts";

/** What a reload changed, by name. */
export interface Changes {
  /** Takes effect for new requests. */
  changed: string[];
  /** Takes effect at the next start. */
  needRestart: string[];
}

/** What stays as it is while the process runs, by the names in the file. */
const NEED_RESTART: Readonly<Record<string, string>> = {
  host: "listen",
  port: "listen",
  workers: "workers",
  admin: "admin",
  http3: "http3",
};

/** What is compared piece by piece, or says nothing by itself. */
const BY_NAME: ReadonlySet<string> = new Set(["apps", "routes", "files"]);

/**
 * Compares settings by name; values are never shown.
 *
 * @param before those that were in force
 * @param after those that are now
 */
export function describeChanges(before: Settings, after: Settings): Changes {
  const changes: Changes = { changed: [], needRestart: [] };
  const keys = Object.keys({ ...before, ...after }) as (keyof Settings)[];
  for (const key of keys) {
    if (BY_NAME.has(key) || same(before[key], after[key])) continue;
    const startsOrEndsTls = key === "tls" && !(before.tls && after.tls);
    const fixed = startsOrEndsTls ? "tls_cert and tls_key" : NEED_RESTART[key];
    if (fixed === undefined) changes.changed.push(key);
    else if (!changes.needRestart.includes(fixed)) changes.needRestart.push(fixed);
  }
  const apps = compare("app", before.apps, after.apps, ({ id }) => id);
  const routes = compare("route", before.routes, after.routes, ({ path }) => path);
  changes.changed.push(...apps, ...routes);
  return changes;
}

function compare<T>(
  what: string,
  before: readonly T[],
  after: readonly T[],
  nameOf: (item: T) => string,
): string[] {
  const old = new Map(before.map((item) => [nameOf(item), item]));
  const names = new Set(after.map(nameOf));
  return [
    ...after.flatMap((item) => {
      const name = nameOf(item);
      if (!old.has(name)) return [`${what} ${name} added`];
      return same(old.get(name), item) ? [] : [`${what} ${name} changed`];
    }),
    ...[...old.keys()].filter((name) => !names.has(name)).map((name) => `${what} ${name} removed`),
  ];
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
