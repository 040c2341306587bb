import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSource, type Source } from "../source/source.ts";

/** A checkout, as far as rules look at it. */
export interface Project {
  /** The files of code outside `tests/`, parsed, in the order of their paths. */
  sources: readonly Source[];
  /** The files of code, with those of tests, and the styles and markup of pages. */
  files: readonly { path: string; text: string }[];
}

/** What may break a rule. */
export interface Finding {
  path: string;
  /** Absent: the file as a whole. */
  line?: number;
  /** What is wrong, as the end of a sentence that begins with the place. */
  what: string;
}

const CODE = /\.[cm]?[jt]sx?$/;
// Other files of these kinds, such as a rendered page in docs/, are not written by hand.
const PAGE = /^(lib\/web|examples)\/.*\.(css|html)$/;
const FOLDERS = ["lib", "bench", "build", "deploy", "docs", "examples", "tests"];
// Tools write into these, or write the file.
const OUTSIDE =
  /(^|\/)(node_modules|dist|fixtures|\.cache|\.next|\.venv|\.wrangler)\/|(^|\/)next-env\.d\.ts$/;

/**
 * Reads a checkout.
 *
 * @param root its folder
 * @throws Error when a file of code outside `tests/` cannot be parsed
 */
export function readProject(root: string): Project {
  const paths = ["server.ts", ...FOLDERS.flatMap((folder) => pathsIn(root, folder))];
  return projectOf(
    Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), "utf8")])),
  );
}

/** A project of the files that are given, by their paths from the root. */
export function projectOf(texts: Readonly<Record<string, string>>): Project {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  const sources = files
    .filter(({ path }) => CODE.test(path) && !path.startsWith("tests/"))
    .map(({ path, text }) => parseSource(path, text));
  return { sources, files };
}

/** Whether a path is a file or a folder's, or lies in the folder. */
export function isIn(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

function pathsIn(root: string, folder: string): string[] {
  return entriesOf(join(root, folder))
    .map((path) => `${folder}/${path}`)
    .filter((path) => (CODE.test(path) || PAGE.test(path)) && !OUTSIDE.test(path))
    .sort();
}

// Not every folder is there in every checkout.
function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
}
