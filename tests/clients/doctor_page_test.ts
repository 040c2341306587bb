import { expect, test } from "bun:test";
import { DOCTOR_FLAGS } from "../../lib/cli/arguments/doctor_flags.ts";
import { parseArguments } from "../../lib/cli/arguments/parse_arguments.ts";
import { CHECKS, REMEDIES } from "../../lib/cli/support/doctor/findings.ts";
import { ROOT } from "../support/root.ts";

const PAGE = await Bun.file(`${ROOT}/docs/doctor.md`).text();

/** The first cells of a section's table. */
function codesUnder(heading: string): string[] {
  const [section = ""] = (PAGE.split(`${heading}\n`)[1] ?? "").split(/^## /m);
  return [...section.matchAll(/^\| `([a-z_]+)`/gm)].map(([, code]) => code!);
}

test("docs/doctor.md lists every check and every finding", () => {
  expect(codesUnder("# Checking a deployment")).toEqual([...CHECKS]);
  expect(codesUnder("## Findings")).toEqual(Object.keys(REMEDIES));
});

test("the command of docs/doctor.md has options that exist", () => {
  const commands = [...PAGE.matchAll(/^signway doctor (.*)$/gm)].map(([, words]) => words!);
  expect(commands).toHaveLength(1);
  for (const words of commands) {
    const { positionals } = parseArguments(words.split(" "), DOCTOR_FLAGS);
    expect(positionals).toHaveLength(1);
  }
});
