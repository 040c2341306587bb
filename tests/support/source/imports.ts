import { dirname, join } from "node:path";
import { type Source, walk } from "./source.ts";

/** One thing that a file imports or exports from elsewhere. */
export interface Import {
  /** As it is written: `./app.ts`, `zod`, `node:fs`. */
  specifier: string;
  /** The path from the root of the checkout; absent for packages and built-in modules. */
  path?: string;
  /** Whether it is gone at run time. */
  isType: boolean;
  line: number;
}

/** Everything that a file imports or exports from elsewhere, dynamic imports and types included. */
export function importsOf(source: Source): Import[] {
  const found = [...staticImports(source), ...reExports(source), ...importExpressions(source)];
  return found.map(({ specifier, isType, start }) => ({
    specifier,
    isType,
    line: source.lineAt(start),
    ...(specifier.startsWith(".") && { path: join(dirname(source.path), specifier) }),
  }));
}

/** The name of a package, without the path of a module in it. */
export function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

interface Found {
  specifier: string;
  isType: boolean;
  start: number;
}

function staticImports({ module }: Source): Found[] {
  return module.staticImports.map(({ moduleRequest, entries, start }) => ({
    specifier: moduleRequest.value,
    isType: entries.length > 0 && entries.every((entry) => entry.isType),
    start,
  }));
}

function reExports({ module }: Source): Found[] {
  return module.staticExports.flatMap(({ entries, start }) => {
    const specifier = entries.find((entry) => entry.moduleRequest)?.moduleRequest?.value;
    return specifier ? [{ specifier, isType: entries.every((entry) => entry.isType), start }] : [];
  });
}

// `import("./a.ts")` as an expression and as a type, and `require("a")`.
function importExpressions({ program }: Source): Found[] {
  const found: Found[] = [];
  walk(program, (node) => {
    if (node.type !== "ImportExpression" && node.type !== "TSImportType") return;
    const { source, start } = node;
    if (source.type !== "Literal" || typeof source.value !== "string") return;
    found.push({ specifier: source.value, isType: node.type === "TSImportType", start });
  });
  return found;
}

/**
 * Finds a cycle among files.
 *
 * @param graph the paths that each path leads to
 * @returns the paths of one cycle, its first one again at the end; `undefined` when there is none
 */
export function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    const cycle = firstOf(graph.get(path) ?? [], (next) => visit(next, [...trail, path]));
    done.add(path);
    return cycle;
  };
  return firstOf([...graph.keys()], (path) => visit(path, []));
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
