import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { parsePrices } from "../../lib/config/price_file.ts";
import { FIELD_NAMES } from "../../lib/runtime/observe/exchange_line.ts";
import { brokenLinks } from "../support/doc_page.ts";
import { codesIn } from "../support/code_blocks.ts";
import { ROOT } from "../support/root.ts";
import { type Folder, folderWith } from "../support/folder.ts";
import { PROGRAM, runSignway } from "../support/run_signway.ts";

const PAGE = await Bun.file(`${ROOT}/docs/usage.md`).text();
const [CONFIG = ""] = codesIn(PAGE, "toml");
const [RECORD = "", PRICES = ""] = codesIn(PAGE, "json");
const FILES = { "signway.toml": CONFIG, "prices.json": PRICES };
const ENV = { SW_SECRET: "a secret of more than 32 bytes, as tokens need", OPENAI_API_KEY: "sk" };

let folder: Folder;
beforeAll(async () => {
  folder = await folderWith(FILES);
});
afterAll(() => folder[Symbol.asyncDispose]());

describe("docs/usage.md", () => {
  const commands = codesIn(PAGE, "sh");

  test.each(commands.map((command, i) => [command.trim(), codesIn(PAGE, "text")[i]!] as const))(
    "shows what a command prints: %s",
    async (command, shown) => {
      const program = `${PROGRAM}`;
      const shell = Bun.spawn(["sh", "-ec", command.replaceAll("bun server.ts", program)], {
        cwd: folder.path("."),
        env: { PATH: process.env["PATH"] ?? "", HOME: "/nowhere", ...ENV },
      });
      expect(await new Response(shell.stdout).text()).toBe(shown);
      expect(await shell.exited).toBe(0);
    },
  );

  test("shows a configuration that is valid", async () => {
    const { code, stdout } = await runSignway(["check", "signway.toml"], {
      env: ENV,
      files: FILES,
    });
    expect(code).toBe(0);
    expect(stdout).toContain("built-in prices of 2026-09-23, and 3 of the file `prices`");
  });

  test("names every key of a file of prices", () => {
    const keys = new Set(
      [...PAGE.matchAll(/`(\w+_(?:mtok|kcount|window))`/g)].map(([, name]) => name!),
    );
    const model = Object.fromEntries([...keys].map((name) => [name, 1]));
    const parsed = parsePrices(JSON.stringify({ openai: { any: model } })).openai!["any"]!;
    expect(parsed.contextWindow).toBe(1);
    expect(Object.keys(parsed.prices).sort()).toEqual(
      [...keys].filter((it) => it !== "context_window").sort(),
    );
    expect(keys.size).toBe(9);
  });

  test("shows fields that the log has", () => {
    const names = Object.values(FIELD_NAMES);
    for (const name of Object.keys(JSON.parse(RECORD))) expect(names).toContain(name);
  });

  test("links to headings that there are", async () => {
    const { broken, count } = await brokenLinks(PAGE, "usage.md");
    expect(broken).toEqual([]);
    expect(count).toBeGreaterThan(0);
  });
});
