import { describe, expect, test } from "bun:test";
import { FIELD_NAMES } from "../../lib/runtime/observe/exchange_line.ts";
import { folderWith } from "../support/folder.ts";
import { brokenLinks } from "../support/doc_page.ts";
import { codesIn } from "../support/code_blocks.ts";
import { ROOT } from "../support/root.ts";

const PAGE = await Bun.file(`${ROOT}/docs/log.md`).text();
const RECORD = JSON.parse(codesIn(PAGE, "json")[0]!);

describe("docs/log.md", () => {
  test("shows and explains fields that the log has", () => {
    const names = [...Object.values(FIELD_NAMES), "level", "time", "msg"];
    const explained = [...PAGE.matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, cell]) =>
      [...cell!.matchAll(/`(\w+)`/g)].map(([, name]) => name!),
    );
    const table = explained.slice(
      0,
      explained.indexOf("outcome", explained.indexOf("outcome") + 1),
    );
    for (const name of [...Object.keys(RECORD), ...table]) expect(names).toContain(name);
  });

  test("or docs/usage.md names every field of the log", async () => {
    const pages = PAGE + (await Bun.file(`${ROOT}/docs/usage.md`).text());
    const named = (name: string | undefined) => name === undefined || pages.includes(`\`${name}\``);
    expect(Object.values(FIELD_NAMES).filter((name) => !named(name))).toEqual([]);
  });

  test("has commands that find something in the log", async () => {
    const lines = [
      { ...RECORD, sub: "user-1", input_tokens: 10, output_tokens: 5 },
      { ...RECORD, sub: "user-1", input_tokens: 1 },
      { ...RECORD, sub: "user-2", output_tokens: 7 },
      { ...RECORD, outcome: "refused", code: "expired", time: "2026-11-22T18:22:48.017Z" },
    ];
    const log = lines.map((line) => JSON.stringify(line)).join("\n");
    await using folder = await folderWith({ "signway.log": log });
    const outputs = await Promise.all(
      codesIn(PAGE, "sh").map((command) => Bun.$`sh -ec ${command}`.cwd(folder.path("")).text()),
    );
    expect(JSON.parse(outputs[0]!)).toEqual([{ "user-1": 16 }, { "user-2": 7 }]);
    expect(outputs[1]).toBe("2026-11-22T18:22:48.017Z\tweb\texpired\t\n");
  });

  test("links to headings that there are", async () => {
    expect((await brokenLinks(PAGE, "log.md")).broken).toEqual([]);
  });
});
