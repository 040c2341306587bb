import { describe, expect, test } from "bun:test";
import { dirname } from "node:path";
import { BROKEN_CODE, SOUND_CODE } from "./support/architecture/planted_code.ts";
import { BROKEN_IMPORTS, SOUND_IMPORTS } from "./support/architecture/planted_imports.ts";
import { projectOf, readProject } from "./support/architecture/project.ts";
import { describeFinding, RULES } from "./support/architecture/rules.ts";
import { importsOf } from "./support/source/imports.ts";

// The rules stand in support/architecture/: rooms.ts has the layout, rules.ts the list.
// All findings by folder: bun tests/support/architecture/report.ts

const PROJECT = readProject(dirname(import.meta.dirname));

describe("the design", () => {
  for (const rule of RULES) {
    test(rule.title, () => {
      const found = rule.find(PROJECT).map((finding) => describeFinding(finding, rule));
      expect(found).toEqual([]);
    });
  }
});

describe("the search", () => {
  const paths = PROJECT.sources.map(({ path }) => path);
  const imports = new Map(PROJECT.sources.map((source) => [source.path, importsOf(source)]));

  test.each(["lib/", "lib/web/", "bench/", "build/", "examples/", "examples/demo/page/"])(
    "reads %s",
    (folder) => expect(paths.filter((path) => path.startsWith(folder))).not.toEqual([]),
  );

  test("reads tests and styles, for their lengths", () => {
    const files = PROJECT.files.map(({ path }) => path);
    expect(files).toContain("tests/architecture_test.ts");
    expect(files).toContain("examples/demo/page/style/base.css");
  });

  test("finds imports", () => {
    expect(imports.get("server.ts")?.map(({ path }) => path)).toEqual(["lib/cli/start.ts"]);
    expect([...imports.values()].flat().length).toBeGreaterThan(500);
  });
});

describe("a rule finds what breaks it:", () => {
  const BROKEN = [...BROKEN_IMPORTS, ...BROKEN_CODE];
  test.each(BROKEN)("$rule, $what", ({ rule, files, found }) => {
    expect(findingsOf(rule, files)).toEqual([...found]);
  });

  test("each rule", () => {
    const broken = new Set(BROKEN.map(({ rule }) => rule));
    expect(RULES.map(({ title }) => title).filter((title) => !broken.has(title))).toEqual([]);
  });
});

describe("a rule leaves alone what keeps it:", () => {
  test.each([...SOUND_IMPORTS, ...SOUND_CODE])("$rule, $what", ({ rule, files }) => {
    expect(findingsOf(rule, files)).toEqual([]);
  });
});

/** What a rule finds in made-up files, as `path:line what`, entries of its lists left out. */
function findingsOf(title: string, files: Readonly<Record<string, string>>): string[] {
  const rule = RULES.find((candidate) => candidate.title === title);
  if (!rule) throw new Error(`no rule has the title ${title}`);
  return rule
    .find(projectOf(files))
    .filter(({ path }) => path in files)
    .map(({ path, line = 0, what }) => `${path}:${line} ${what}`);
}
