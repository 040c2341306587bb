import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { fillPolicyTables } from "../../build/reference/policy_tables.ts";
import { POLICY_PROBLEMS } from "../../lib/gateway/problem/policy_problems.ts";
import { verifyToken } from "../../lib/signing/verify.ts";
import { brokenLinks, runPage, tokenOf } from "../support/doc_page.ts";
import { codeBlock, codesIn, shownOutputs } from "../support/code_blocks.ts";
import { ROOT } from "../support/root.ts";
import { type Folder, folderWith } from "../support/folder.ts";

const PAGE = await Bun.file(`${ROOT}/docs/policies.md`).text();
const COMMANDS = codesIn(PAGE, "sh");
const [SW = "", MAIL = ""] = codesIn(PAGE, "json");

/** What each block for the shell prints, in the order of the page. */
let printed: string[] = [];
let folder: Folder;

beforeAll(async () => {
  const body = /^\{"from".*$/m.exec(PAGE)![0];
  folder = await folderWith({
    "signway.toml": codesIn(PAGE, "toml").join("\n"),
    "sw.json": SW,
    "mail.json": MAIL,
    "mail_body.json": body,
  });
  printed = await runPage(PAGE, folder.path("."));
}, 60_000);
afterAll(() => folder[Symbol.asyncDispose]());

describe("docs/policies.md", () => {
  const shown = shownOutputs(PAGE);

  test.each(shown.map(({ text }, row) => [text.slice(0, 60).trim(), row] as const))(
    "shows what a command prints: %s",
    (_, row) => {
      const { index, text } = shown[row]!;
      expect(printed[index]).toBe(text);
    },
  );

  test("shows what most commands print", () => {
    expect(shown.length).toBeGreaterThan(6);
    expect(shown.length).toBe(COMMANDS.length - 2);
  });

  test("says how to look at a policy", () => {
    const output = printed[COMMANDS.length - 1]!;
    expect(output).toContain('\nPolicy "translate": ');
    expect(output).toContain("- The body is edited by 1 operation of a JSON Patch.\n");
    expect(output).toContain('"target": "https://mail.example.com/v1/messages"');
    expect(output).not.toContain("into French");
  });

  test("signing in a backend", async () => {
    const code = codeBlock(PAGE, "ts", "signToken");
    const secret = /secret: "(\w+)"/.exec(code)![1]!;
    const token = await tokenOf(code);
    const { permits } = await verifyToken(token, { findSecrets: () => [secret] });
    expect(permits.policy).toEqual({ models: ["gpt-5-mini"], maxOutputTokens: 800 });
  });

  test("has the tables that bun run docs writes", () => {
    expect(fillPolicyTables(PAGE)).toBe(PAGE);
  });

  test("has the codes of policies", () => {
    const table = PAGE.slice(PAGE.indexOf("## What clients see"));
    for (const code of Object.keys(POLICY_PROBLEMS)) expect(table).toContain(`| \`${code}\``);
  });

  test("links to headings that there are", async () => {
    const { broken, count } = await brokenLinks(PAGE, "policies.md");
    expect(broken).toEqual([]);
    expect(count).toBeGreaterThan(0);
  });
});
