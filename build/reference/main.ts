// Writes the reference text that derives from tables in the code: `bun run docs`.
import { readFileSync, writeFileSync } from "node:fs";
import { check } from "../../lib/cli/commands/check.ts";
import { readText } from "../../lib/cli/support/read_file.ts";
import { openApi } from "../../lib/runtime/admin/api/open_api.ts";
import { bundleDashboard } from "../dashboard_page.ts";
import { fillCommands } from "./cli_page.ts";
import { fillPolicyTables } from "./policy_tables.ts";
import { fillProblemTable } from "./problem_table.ts";
import { fillSettingsTables } from "./settings_tables.ts";

const DOCS = `${import.meta.dirname}/../../docs`;

const PAGES: Readonly<Record<string, (text: string) => string>> = {
  "cli.md": fillCommands,
  "configuration.md": fillSettingsTables,
  "errors.md": fillProblemTable,
  "policies.md": fillPolicyTables,
};

for (const [name, fill] of Object.entries(PAGES)) {
  const page = `${DOCS}/${name}`;
  writeFileSync(page, fill(readFileSync(page, "utf8")));
}
writeFileSync(`${DOCS}/signway.schema.json`, check([], { schema: true, env: {}, read: readText }));
writeFileSync(`${DOCS}/admin-api.json`, `${JSON.stringify(openApi(), null, 2)}\n`);
await Bun.write(
  `${DOCS}/../lib/runtime/admin/page/assets.json`,
  `${JSON.stringify(await bundleDashboard(), null, 2)}\n`,
);
