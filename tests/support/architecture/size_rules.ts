import { functionsOf } from "../source/functions.ts";
import type { Finding, Project } from "./project.ts";

const MAX_FILE_LINES = 250;
const MAX_FUNCTION_LINES = 45;
const MAX_PARAMETERS = 4;

/** Files that are too long, those of tests and the styles and markup of pages included. */
export function findLongFiles({ files }: Project): Finding[] {
  return files
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }))
    .filter(({ lines }) => lines > MAX_FILE_LINES)
    .map(({ path, lines }) => ({
      path,
      what: `has ${lines} lines, and ${MAX_FILE_LINES} are allowed`,
    }));
}

/** Functions that are too long. */
export function findLongFunctions({ sources }: Project): Finding[] {
  return sources.flatMap((source) =>
    functionsOf(source)
      .filter(({ lines }) => lines > MAX_FUNCTION_LINES)
      .map(({ name, line, lines }) => ({
        path: source.path,
        line,
        what: `${name} has ${lines} lines, and ${MAX_FUNCTION_LINES} are allowed`,
      })),
  );
}

/** Functions, methods and types of them with too many parameters. */
export function findManyParameters({ sources }: Project): Finding[] {
  return sources.flatMap((source) =>
    functionsOf(source)
      .filter(({ parameters }) => parameters > MAX_PARAMETERS)
      .map(({ name, line, parameters }) => ({
        path: source.path,
        line,
        what: `${name} has ${parameters} parameters, and ${MAX_PARAMETERS} are allowed`,
      })),
  );
}

// Next.js looks for its configuration under this name alone.
const GIVEN_NAME = /(^|\/)next\.config\.[cm]?[jt]s$/;

/** Files of code that are not named in snake_case. */
export function findOddFileNames({ files }: Project): Finding[] {
  return files
    .filter(({ path }) => /\.[cm]?[jt]sx?$/.test(path) && !GIVEN_NAME.test(path))
    .filter(({ path }) => !/^([^/]+\/)*[a-z0-9]+(_[a-z0-9]+)*\.[cm]?[jt]sx?$/.test(path))
    .map(({ path }) => ({ path, what: "is not named in snake_case" }));
}
