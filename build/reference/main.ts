// Writes the reference text that derives from the settings table: `bun run docs`.
import { readFileSync, writeFileSync } from "node:fs";
import { check } from "../../lib/cli/commands/check.ts";
import { readText } from "../../lib/cli/support/read_file.ts";
import { fillSettingsTables } from "./settings_tables.ts";

const DOCS = `${import.meta.dirname}/../../docs`;
const CONFIGURATION = `${DOCS}/configuration.md`;

writeFileSync(CONFIGURATION, fillSettingsTables(readFileSync(CONFIGURATION, "utf8")));
writeFileSync(`${DOCS}/signway.schema.json`, check([], { schema: true, env: {}, read: readText }));
