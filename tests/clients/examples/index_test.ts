import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { ROOT } from "../../support/root.ts";

const EXAMPLES = `${ROOT}/examples`;
const ENTRIES = await readdir(EXAMPLES, { withFileTypes: true });
const FOLDERS = ENTRIES.filter((entry) => entry.isDirectory()).map(({ name }) => name);
const BACKENDS = (await readdir(`${EXAMPLES}/backends`)).map((name) => `backends/${name}`);

test("the index of the examples links each folder and names each file", async () => {
  const index = await Bun.file(`${EXAMPLES}/README.md`).text();
  const linked = [...index.matchAll(/^\| \[([\w/]+)\]\(\1\)/gm)].map(([, name]) => name!);
  const folders = [...FOLDERS.filter((name) => name !== "backends"), ...BACKENDS];
  expect(linked.toSorted()).toEqual(folders.toSorted());
  for (const { name } of ENTRIES) if (name.endsWith(".ts")) expect(index).toContain(`\`${name}\``);
});

test.each([...BACKENDS, ...FOLDERS.filter((name) => !/^(backends|demo)$/.test(name))])(
  "the README of examples/%s is read in a minute",
  async (name) => {
    const lines = (await Bun.file(`${EXAMPLES}/${name}/README.md`).text()).split("\n");
    const filled = lines.filter((line) => line !== "" && !line.startsWith("```"));
    expect(filled.length).toBeWithin(6, 14);
  },
);
