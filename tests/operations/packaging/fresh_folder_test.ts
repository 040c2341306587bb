import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { createFreshFolder } from "../../../build/npm_package/fresh_folder.ts";

const folder = mkdtempSync(`${tmpdir()}/signway-folder-`);
afterAll(() => rmSync(folder, { recursive: true }));

test("a folder that is not there is made, with those above it", () => {
  createFreshFolder(`${folder}/a/b`, "mark");
  expect(readdirSync(`${folder}/a/b`)).toEqual([]);
});

test("what an earlier build wrote is removed", () => {
  for (const name of ["mark", "old"]) writeFileSync(`${folder}/a/b/${name}`, "");
  createFreshFolder(`${folder}/a/b`, "mark");
  expect(readdirSync(`${folder}/a/b`)).toEqual([]);
});

test("what no build wrote is left as it is", () => {
  writeFileSync(`${folder}/precious`, "");
  expect(() => createFreshFolder(folder, "mark")).toThrow("holds what no build wrote");
  expect(existsSync(`${folder}/precious`)).toBe(true);
});
