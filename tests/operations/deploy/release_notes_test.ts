import { expect, test } from "bun:test";
import packageJson from "../../../package.json" with { type: "json" };
import { folderWith } from "../../support/folder.ts";
import { ROOT } from "../../support/root.ts";

const SCRIPT = `${ROOT}/build/release/release_notes.sh`;
const { version } = packageJson;
const CHANGES = `# Changelog\n\n## Unreleased\n\n- Later.\n\n## ${version} - 2026-01-01\n\n- Now.\n\n## 0.0.1\n\n- Before.\n`;

async function notes(tag: string, changes = CHANGES) {
  await using folder = await folderWith({ "CHANGELOG.md": changes });
  const env = { PATH: process.env["PATH"] ?? "", CHANGELOG: folder.path("CHANGELOG.md") };
  return await Bun.$`sh ${SCRIPT} ${tag}`.env(env).nothrow().quiet();
}

test("the notes of a release are its section of the changelog", async () => {
  const run = await notes(`v${version}`);
  expect(run.stdout.toString().trim()).toBe("- Now.");
  expect(run.exitCode).toBe(0);
});

test("a tag of another version, or without a section, has none", async () => {
  expect((await notes("v99.0.0")).stderr.toString()).toContain("package.json does not name");
  const run = await notes(`v${version}`, "# Changelog\n\n## Unreleased\n\n- Later.\n");
  expect([run.exitCode, run.stderr.toString()]).toEqual([1, expect.stringContaining("no section")]);
});
