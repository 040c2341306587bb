import { importsOf } from "../source/imports.ts";
import { globalsOf } from "../source/globals.ts";
import { type Finding, isIn, type Project } from "./project.ts";
import { FORBIDDEN_GLOBALS } from "./rooms.ts";

/** Globals of runtimes in code that runs anywhere. */
export function findRuntimeGlobals({ sources }: Project): Finding[] {
  return sources.flatMap((source) => {
    const row = FORBIDDEN_GLOBALS.find(({ room }) => isIn(source.path, room));
    if (!row) return [];
    return globalsOf(source)
      .filter(({ name }) => row.names.test(name))
      .map(({ name, line }) => ({ path: source.path, line, what: `names ${name}` }));
  });
}

/** Names and modules of Bun in `lib/` outside the folder that is there for them. */
export function findBun({ sources }: Project): Finding[] {
  const outside = sources.filter(({ path }) => isIn(path, "lib") && !isIn(path, "lib/runtime"));
  return outside.flatMap((source) => {
    const names = globalsOf(source).filter(({ name }) => /^Bun($|[A-Z])/.test(name));
    const modules = importsOf(source)
      .filter(({ specifier }) => /^bun($|:)/.test(specifier))
      .map(({ specifier, line }) => ({ name: specifier, line }));
    return [...names, ...modules].map(({ name, line }) => ({
      path: source.path,
      line,
      what: `names ${name}`,
    }));
  });
}
