import { expect, test } from "bun:test";
import { fillProblemTable } from "../../build/reference/problem_table.ts";
import { PROBLEMS } from "../../lib/gateway/problem/problems.ts";
import { brokenLinks } from "../support/doc_page.ts";
import { codeBlock } from "../support/code_blocks.ts";
import { ROOT } from "../support/root.ts";

const PAGE = await Bun.file(`${ROOT}/docs/errors.md`).text();

test("docs/errors.md has each code, as `bun run docs` writes it", () => {
  expect(fillProblemTable(PAGE)).toBe(PAGE);
  const rows = [...PAGE.matchAll(/^\| `(\w+)` +\| (\d{3}) /gm)].map(([, code, status]) => [
    code!,
    Number(status),
  ]);
  const known = Object.entries(PROBLEMS).map(([code, { status }]) => [code, status]);
  expect(rows.toSorted()).toEqual(known.toSorted());
});

test("it shows a refusal as it is", () => {
  const shown = JSON.parse(codeBlock(PAGE, "json", "urn:signway")) as Record<string, unknown>;
  expect(shown).toMatchObject({ ...PROBLEMS.signature_mismatch });
});

test("its links lead somewhere", async () => {
  const { broken, count } = await brokenLinks(PAGE, "errors.md");
  expect(broken).toEqual([]);
  expect(count).toBeGreaterThan(0);
});
