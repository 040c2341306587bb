import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countsIn, failuresIn } from "./test_output.ts";

const FILES = {
  "passes_test.ts": `import { test } from "bun:test"; test("one", () => {}); test.if(false)("two", () => {});`,
  "fails_test.ts": `import { expect, test } from "bun:test";
    test("right", () => {});
    test("wrong", () => { expect(1).toBe(2); });`,
  "late_test.ts": `import { describe, test } from "bun:test";
    describe("group", () => {
      test("throws late", async () => { await Bun.sleep(20); throw new Error("too late"); });
    });`,
  "broken_test.ts": `import "./missing.ts"; import { test } from "bun:test"; test("never", () => {});`,
};

async function outputIn(folder: string): Promise<string> {
  const child = Bun.spawn([process.execPath, "test", "--parallel=2"], {
    cwd: folder,
    stdout: "ignore",
    stderr: "pipe",
  });
  return await new Response(child.stderr).text();
}

describe("of a run with two processes", () => {
  let folder = "";
  let output = "";

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "test_output_"));
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
    // Bun may print the error of one process below the header of the other one's file, or no header of a file without tests.
    const isWanted = () =>
      /\(pass\) right.*\n1 \|/.test(output) && /^broken_test\.ts:$/m.test(output);
    for (let i = 0; i < 20 && !isWanted(); i++) output = await outputIn(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("the counts are read", () => {
    // A file that cannot be loaded counts as one failed test.
    expect(countsIn(output)).toEqual({ passed: 2, failed: 3, skipped: 1 });
  });

  test("each failure has its file and its error", () => {
    const failures = failuresIn(output);
    const textOf = (file: string) => failures.find((each) => each.file === file)?.text ?? "";
    expect(failures.map(({ file }) => file).sort()).toEqual([
      "broken_test.ts",
      "fails_test.ts",
      "late_test.ts",
    ]);
    expect(textOf("fails_test.ts")).toContain("expect(received).toBe(expected)");
    expect(textOf("fails_test.ts")).toEndWith(
      "(fail) wrong [" + textOf("fails_test.ts").split("[").at(-1),
    );
    expect(textOf("late_test.ts")).toContain("too late");
    expect(textOf("broken_test.ts")).toContain("Cannot find module './missing.ts'");
  });
});

test("an error that belongs to no test is that of the file that it names", () => {
  const output = `a/one_test.ts:
(pass) one
b/two_test.ts:
# Unhandled error between tests
-------------------------------
error: Cannot find module './missing.ts' from '/root/a/one_test.ts'
`;
  expect(failuresIn(output).map(({ file }) => file)).toEqual(["a/one_test.ts"]);
});

test("output without a summary is refused", () => {
  expect(() => countsIn("(pass) one\n")).toThrow("no summary");
});

test("counts that are not the total are refused", () => {
  expect(() => countsIn("\n 3 pass\n 0 fail\nRan 4 tests across 1 file. [1ms]\n")).toThrow("ran 4");
});
