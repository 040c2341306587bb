import { findCycle, type Import, importsOf, packageOf } from "../source/imports.ts";
import type { Source } from "../source/source.ts";
import { type Finding, isIn, type Project } from "./project.ts";
import { ENTRANCES, PACKAGES, type Room, ROOMS } from "./rooms.ts";

/** Files of code that no room of the table holds. */
export function findHomeless({ sources }: Project): Finding[] {
  return sources
    .filter(({ path }) => !roomOf(path, ROOMS))
    .map(({ path }) => ({ path, what: "is in no room" }));
}

/** Imports against the arrows between rooms. */
export function findWrongArrows(project: Project): Finding[] {
  return findImports(project, ({ path: from }, { path: to }) => {
    const room = roomOf(from, ROOMS);
    if (!room || to === undefined || isIn(to, room.room)) return undefined;
    return room.mayImport.some((place) => isIn(to, place)) ? undefined : `imports ${to}`;
  });
}

/** Imports of a room by files that may not enter it. */
export function findIntruders(project: Project): Finding[] {
  return findImports(project, ({ path: from }, { path: to, isType }) => {
    const entrance = to === undefined ? undefined : ENTRANCES.find(({ room }) => isIn(to, room));
    if (!entrance || isIn(from, entrance.room) || entrance.by.includes(from)) return undefined;
    if (isType && entrance.typesBy.includes(from)) return undefined;
    return `imports ${isType ? "types of " : ""}${to}`;
  });
}

/** Imports of packages, and of a runtime's modules, where they may not be. */
export function findWrongPackages(project: Project): Finding[] {
  return findImports(project, ({ path: from }, { specifier, path: to }) => {
    const rows = PACKAGES.filter(({ room }) => isIn(from, room));
    if (to !== undefined || rows.length === 0) return undefined;
    const isAllowed = rows.some(({ packages }) => packages.includes(packageOf(specifier)));
    return isAllowed ? undefined : `imports ${specifier}`;
  });
}

/** A cycle among files, types included. */
export function findCycles({ sources }: Project): Finding[] {
  const graph = new Map(sources.map((source) => [source.path, pathsFrom(source)]));
  const cycle = findCycle(graph);
  return cycle ? [{ path: cycle[0]!, what: `leads back to itself: ${cycle.join(" -> ")}` }] : [];
}

function pathsFrom(source: Source): string[] {
  return importsOf(source).flatMap(({ path }) => path ?? []);
}

function findImports(
  { sources }: Project,
  mistake: (source: Source, imported: Import) => string | undefined,
): Finding[] {
  return sources.flatMap((source) =>
    importsOf(source).flatMap((imported) => {
      const what = mistake(source, imported);
      return what === undefined ? [] : [{ path: source.path, line: imported.line, what }];
    }),
  );
}

function roomOf(path: string, rooms: readonly Room[]): Room | undefined {
  const around = rooms.filter(({ room }) => isIn(path, room));
  return around.toSorted((a, b) => b.room.length - a.room.length)[0];
}
