import { expect, test } from "bun:test";
import { fillProblemTable } from "../../build/reference/problem_table.ts";
import { PROBLEMS } from "../../lib/gateway/problem/problems.ts";
import { brokenLinks } from "../support/doc_page.ts";
import { ROOT } from "../support/root.ts";

const PAGE = await Bun.file(`${ROOT}/docs/errors.md`).text();

test("docs/errors.md has each code, as `bun run docs` writes it", () => {
  expect(fillProblemTable(PAGE)).toBe(PAGE);
  const rows = [...PAGE.matchAll(/^\| `(\w+)` /gm)].map(([, code]) => code);
  expect(rows.toSorted()).toEqual(Object.keys(PROBLEMS).toSorted());
});

test("its links lead somewhere", async () => {
  const { broken, count } = await brokenLinks(PAGE, "errors.md");
  expect(broken).toEqual([]);
  expect(count).toBeGreaterThan(0);
});
