import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = dirname(import.meta.dirname);

/** Every file of a folder that TypeScript compiles, as paths from the root. */
function filesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !path.includes("node_modules"))
    .map((path) => join(folder, path))
    .sort();
}

/** The text without its comments, which may speak of anything. */
function codeOf(path: string): string {
  const text = readFileSync(join(ROOT, path), "utf8");
  const string = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)/.source;
  const comment = /\/\*[^]*?\*\/|\/\/.*/.source;
  return text.replace(new RegExp(`${string}|${comment}`, "g"), (_, kept?: string) => kept ?? "");
}

/** Everything that a file imports or exports from, types and dynamic imports included. */
function importsOf(path: string): string[] {
  const code = codeOf(path);
  const statements = code.matchAll(
    /^\s*(?:import|export)\s(?:[\w$*\s{},]+\sfrom\s)?\s*["']([^"']+)["']/gm,
  );
  const calls = code.matchAll(/\bimport\s*\(\s*["']([^"']+)["']/g);
  return [...statements, ...calls].map(([, specifier]) => specifier ?? "");
}

const isRelative = (specifier: string) => specifier.startsWith(".");

const LIB = [...filesOf("lib"), "server.ts"];

/** The files that a file imports, as paths from the root. */
const GRAPH = new Map(
  LIB.map((path) => [
    path,
    importsOf(path)
      .filter(isRelative)
      .map((specifier) => join(dirname(path), specifier)),
  ]),
);

const layerOf = (path: string) => /^lib\/([^/]+)\//.exec(path)?.[1] ?? "entry";

/** What each folder may import beside itself: arrows point one way. */
const MAY_IMPORT: Record<string, string[]> = {
  signing: [],
  gateway: ["signing"],
  web: ["signing"],
  config: ["gateway", "signing"],
  runtime: ["config", "gateway", "signing"],
  cli: ["runtime", "config", "gateway", "signing"],
  entry: ["cli", "runtime", "config", "gateway", "signing"],
};

describe("imports", () => {
  test("are found", () => {
    expect(LIB.length).toBeGreaterThan(30);
    expect(importsOf("server.ts")).toEqual(["./lib/cli/main.ts"]);
    expect(importsOf("lib/gateway/admission/authorize.ts")).toContain("../model/grant.ts");
    expect([...GRAPH.values()].flat().length).toBeGreaterThan(100);
  });

  test("lead to files that exist", () => {
    expect(arrows((_, to) => !LIB.includes(to) && to !== "package.json")).toEqual([]);
  });

  test("go one way between folders", () => {
    const isWrong = (from: string, to: string) => {
      const [layer, other] = [layerOf(from), layerOf(to)];
      return LIB.includes(to) && layer !== other && !MAY_IMPORT[layer]?.includes(other);
    };
    expect(arrows(isWrong)).toEqual([]);
  });

  test("form no cycle among files, types included", () => {
    expect(findCycle()).toBeUndefined();
  });
});

describe("lib/signing", () => {
  const files = filesOf("lib/signing");
  test("imports nothing outside its folder", () => {
    const isOutside = (path: string, specifier: string) =>
      !isRelative(specifier) || !join(dirname(path), specifier).startsWith("lib/signing/");
    const wrong = files.flatMap((path) =>
      importsOf(path)
        .filter((specifier) => isOutside(path, specifier))
        .map((specifier) => `${path} -> ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  test("names the globals of no runtime", () => {
    const runtimes = /\b(process|Buffer|Deno|Bun|require|__dirname|globalThis)\b/;
    expect(files.filter((path) => runtimes.test(codeOf(path)))).toEqual([]);
  });
});

describe("lib/gateway", () => {
  const files = filesOf("lib/gateway");
  test("imports one package and no module of a runtime", () => {
    const packages = files.flatMap(importsOf).filter((specifier) => !isRelative(specifier));
    expect([...new Set(packages)]).toEqual(["ipaddr.js"]);
  });

  test("names the globals of no runtime", () => {
    const runtimes = /\b(process|Buffer|Deno|require)\b/;
    expect(files.filter((path) => runtimes.test(codeOf(path)))).toEqual([]);
  });
});

describe("Bun is named", () => {
  const bun = /\bBun\s*[.[]|["']bun(:[^"']*)?["']|\bBun[A-Z]\w*/;
  const isFree = (path: string) => layerOf(path) === "runtime" || path === "server.ts";
  test("nowhere but in lib/runtime and server.ts", () => {
    expect(LIB.filter((path) => !isFree(path) && bun.test(codeOf(path)))).toEqual([]);
  });

  test("in lib/runtime, so the search finds it", () => {
    expect(LIB.filter((path) => bun.test(codeOf(path)))).toContain("lib/runtime/listen.ts");
  });
});

describe("a file is one concept", () => {
  const all = ["server.ts", ...["lib", "tests", "bench", "build", "examples"].flatMap(filesOf)];
  const linesOf = (path: string) =>
    readFileSync(join(ROOT, path), "utf8").trimEnd().split("\n").length;

  test("of 250 lines at most", () => {
    expect(all.filter((path) => linesOf(path) > 250)).toEqual([]);
  });

  test("named in snake_case", () => {
    expect(all.filter((path) => !/^([^/]+\/)*[a-z0-9]+(_[a-z0-9]+)*\.tsx?$/.test(path))).toEqual(
      [],
    );
  });
});

describe("a file of tests", () => {
  const all = filesOf("tests");
  const tests = all.filter((path) => path.endsWith("_test.ts"));

  test("has a name that ends in _test.ts, and no other file has", () => {
    const declares = (path: string) => /^(await )?(describe|test)\b/m.test(codeOf(path));
    expect(all.filter(declares)).toEqual(tests);
  });

  test("has titles in words, without the number of an item in some list", () => {
    const coded = /["'`][A-Z]\d{1,2}\b[ :][^"'`\n]*/g;
    const titles = tests.flatMap((path) =>
      [...codeOf(path).matchAll(coded)].map(([title]) => `${path}: ${title}`),
    );
    expect(titles).toEqual([]);
  });
});

/** The imports for which something holds, written `from -> to`. */
function arrows(holds: (from: string, to: string) => boolean): string[] {
  return [...GRAPH].flatMap(([from, imported]) =>
    imported.filter((to) => holds(from, to)).map((to) => `${from} -> ${to}`),
  );
}

/** The files of one cycle, if there is any. */
function findCycle(): string[] | undefined {
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const next of GRAPH.get(path) ?? []) {
      const cycle = visit(next, [...trail, path]);
      if (cycle) return cycle;
    }
    done.add(path);
    return undefined;
  };
  for (const path of LIB) {
    const cycle = visit(path, []);
    if (cycle) return cycle;
  }
  return undefined;
}
