import { expect, test } from "bun:test";
import { ROOT } from "../support/root.ts";

const PAGE = await Bun.file(`${ROOT}/docs/operations.md`).text();
const [, SECTION = ""] = PAGE.split("\n## Environment variables\n");

/** How the code asks for a variable: `env["NAME"]`, or by a name that only a variable has. */
const READ =
  /\benv\["(\w+)"\]|\b(SW_[A-Z]\w+|AWS_CONTAINER_\w+|AWS_EC2_\w+|BUN_CONFIG_MAX\w+|BUN_JSC_\w+)/g;

test("docs/operations.md lists every variable that is read", async () => {
  const read = new Set<string>();
  for await (const file of new Bun.Glob("lib/**/*.ts").scan(ROOT)) {
    const source = await Bun.file(`${ROOT}/${file}`).text();
    for (const [, asked, named] of source.matchAll(READ)) read.add((asked ?? named)!);
  }
  expect([...read]).toEqual(
    expect.arrayContaining([
      "SW_ADMIN_TOKEN",
      "SW_ID",
      "SW_SECRET",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    ]),
  );
  const [table = ""] = SECTION.trimStart().split("\n\n");
  const missing = [...read].filter(
    (name) => !name.startsWith("OTEL_") && !table.includes(`\`${name}\``),
  );
  expect(missing).toEqual([]);
});
