import { ROOT } from "../support/root.ts";

/** Modules that are evaluated together. */
export interface LoadedModules {
  /** The paths of the project's files, from its root, sorted. */
  files: readonly string[];
  /** The names of the packages, sorted. */
  packages: readonly string[];
}

/**
 * Lists the modules that are evaluated with a module of the program: itself and all that it imports, directly or not, without
 * those that it loads later, with `import()` or `require()`. The bundler that makes the binary tells what imports what.
 *
 * @param entry the path of the module, from the root
 */
export async function loadedModules(entry: string): Promise<LoadedModules> {
  const { metafile } = await Bun.build({
    entrypoints: [`${ROOT}/server.ts`],
    target: "bun",
    splitting: true,
    metafile: true,
    root: ROOT,
  });
  const modules = new Map(
    Object.entries(metafile!.inputs).map(([path, { imports }]) => [fromRoot(path), imports]),
  );
  const found = new Set<string>();
  const visit = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: imported, kind } of modules.get(path) ?? []) {
      if (kind === "import-statement") visit(fromRoot(imported));
    }
  };
  if (!modules.has(entry)) throw new RangeError(`${entry} is no module of the program`);
  visit(entry);
  const packages = [...found].flatMap((path) => PACKAGE.exec(path)?.[1] ?? []);
  const files = [...found].filter((path) => modules.has(path) && !PACKAGE.test(path));
  return { files: files.sort(), packages: [...new Set(packages)].sort() };
}

const PACKAGE = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/;

// The bundler names files by their path from the working directory.
function fromRoot(path: string): string {
  const absolute = new URL(path, `file://${process.cwd()}/`).pathname;
  return absolute.startsWith(`${ROOT}/`) ? absolute.slice(ROOT.length + 1) : path;
}
