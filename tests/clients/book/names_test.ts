import { describe, expect, test } from "bun:test";
import { COMMANDS } from "../../../lib/cli/arguments/commands.ts";
import { helpText } from "../../../lib/cli/commands/help.ts";
import { PROBLEMS } from "../../../lib/gateway/problem/problems.ts";
import { FIELD_NAMES } from "../../../lib/runtime/observe/exchange_line.ts";
import { ROOT } from "../../support/root.ts";
import { schemaKeys } from "../../unit/config/schema_keys.ts";

/** Pages that have no code to run, and tell of names instead. */
const PAGES = [
  ...["concepts", "deploying", "log", "questions", "runbooks", "security"],
  "troubleshooting",
];

const LIB = (
  await Promise.all(
    [...new Bun.Glob("lib/**/*.ts").scanSync(ROOT)].map((path) =>
      Bun.file(`${ROOT}/${path}`).text(),
    ),
  )
).join("\n");

const FLAGS = new Set(COMMANDS.flatMap((name) => helpText(name).match(/--[a-z0-9-]+/g) ?? []));
const NAMES = new Set([
  ...Object.keys(PROBLEMS),
  ...Object.values(FIELD_NAMES),
  ...schemaKeys().flatMap(({ name }) => name.replaceAll("[]", "").split(".")),
]);

/** What a page has in backticks, outside of its blocks. */
async function namesOn(page: string): Promise<string[]> {
  const text = await Bun.file(`${ROOT}/docs/${page}.md`).text();
  const prose = text.replace(/^```.*?^```/gms, "");
  return [...prose.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
}

/** Why a name is none: a code, key or field; a flag; a command; or a text of the log. */
function faultOf(name: string): string | undefined {
  const flags = name.match(/--[a-z][a-z0-9-]+/g) ?? [];
  const [, command] = /^signway (\w+)/.exec(name) ?? [];
  const isWord = /^[a-z]+(_[a-z]+)+$/.test(name);
  const isSentence = /^[a-z' ]+ [a-z' ]+$/.test(name) && command === undefined;
  if (flags.some((flag) => !FLAGS.has(flag))) return `no flag: ${name}`;
  if (command && !COMMANDS.some((it) => it === command)) return `no command: ${name}`;
  if (isWord && !NAMES.has(name) && !new RegExp(`\\b${name}\\b`).test(LIB))
    return `no name: ${name}`;
  return isSentence && !LIB.includes(name) ? `no line of the log: ${name}` : undefined;
}

describe("the names are the product's in docs/", () => {
  test.each(PAGES)("%s.md", async (page) => {
    const names = await namesOn(page);
    expect(names.length).toBeGreaterThan(3);
    expect(names.flatMap((name) => faultOf(name) ?? [])).toEqual([]);
  });

  test.each(["--no-such-flag", "signway nothing", "no_such_code", "no line says this"])(
    "%s would be found",
    (name) => expect(faultOf(name)).toBeString(),
  );
});
