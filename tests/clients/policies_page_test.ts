import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { fillPolicyTables } from "../../build/reference/policy_tables.ts";
import { POLICY_PROBLEMS } from "../../lib/gateway/problem/policy_problems.ts";
import { verifyToken } from "../../lib/signing/verify.ts";
import { codeBlock } from "../support/readme.ts";
import { ROOT } from "../support/root.ts";
import { type Folder, folderWith, SERVER } from "../unit/cli/run_signway.ts";

const PAGE = await Bun.file(`${ROOT}/docs/policies.md`).text();
const BLOCKS = [...PAGE.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language, code]) => {
  return { language: language!, code: code! };
});
const codesIn = (language: string) =>
  BLOCKS.filter((block) => block.language === language).map(({ code }) => code);
const [SW = "", MAIL = ""] = codesIn("json");
const MARK = "===== end of a block";

/** What each block for the shell prints, in the order of the page. */
let printed: string[] = [];
let folder: Folder;

beforeAll(async () => {
  const body = /^\{"from".*$/m.exec(PAGE)![0];
  folder = await folderWith({
    "signway.toml": codesIn("toml").join("\n"),
    "sw.json": SW,
    "mail.json": MAIL,
    "mail_body.json": body,
  });
  const script = codesIn("sh").flatMap((code) => [code, `echo '${MARK}'`]);
  const program = `${process.execPath} ${SERVER}`;
  const shell = Bun.spawn(["sh", "-ec", script.join("\n").replaceAll("bun server.ts", program)], {
    cwd: folder.path("."),
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nowhere" },
    stderr: "pipe",
  });
  const [output, complaint] = await Promise.all(
    [shell.stdout, shell.stderr].map((stream) => new Response(stream).text()),
  );
  expect({ complaint, code: await shell.exited }).toEqual({ complaint: "", code: 0 });
  printed = output!.split(`${MARK}\n`);
}, 60_000);
afterAll(() => folder[Symbol.asyncDispose]());

describe("docs/policies.md", () => {
  const shown = BLOCKS.flatMap(({ language }, i) => {
    if (language !== "text") return [];
    const index = BLOCKS.slice(0, i).filter((block) => block.language === "sh").length - 1;
    return [{ index, text: BLOCKS[i]!.code }];
  });

  test.each(shown.map(({ text }, row) => [text.slice(0, 60).trim(), row] as const))(
    "shows what a command prints: %s",
    (_, row) => {
      const { index, text } = shown[row]!;
      expect(printed[index]).toBe(text);
    },
  );

  test("shows what most commands print", () => {
    expect(shown.length).toBeGreaterThan(6);
    expect(shown.length).toBe(codesIn("sh").length - 2);
  });

  test("says how to look at a policy", () => {
    const output = printed[codesIn("sh").length - 1]!;
    expect(output).toContain('\nPolicy "translate": ');
    expect(output).toContain("- The body is edited by 1 operation of a JSON Patch.\n");
    expect(output).toContain('"target": "https://mail.example.com/v1/messages"');
    expect(output).not.toContain("into French");
  });

  test("signing in a backend", async () => {
    const code = codeBlock(PAGE, "ts", "signToken");
    const secret = /secret: "(\w+)"/.exec(code)![1]!;
    const entry = JSON.stringify(`${ROOT}/lib/signing/mod.ts`);
    const script = `${code.replace('"signway"', entry)}\nconsole.log(token);`;
    const token = (await Bun.$`${process.execPath} -e ${script}`.text()).trim();
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
    const links = [...PAGE.matchAll(/\]\((?:([\w/]+\.md))?#([\w-]+)\)/g)];
    expect(links).not.toEqual([]);
    for (const [, file = "policies.md", anchor = ""] of links) {
      const text = await Bun.file(`${ROOT}/docs/${file}`).text();
      const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
        heading!
          .toLowerCase()
          .replace(/[^\w\- ]/g, "")
          .replaceAll(" ", "-"),
      );
      expect(anchors).toContain(anchor);
    }
  });
});
