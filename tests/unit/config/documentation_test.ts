import { describe, expect, test } from "bun:test";
import { fillSettingsTables } from "../../../build/reference/settings_tables.ts";
import { SERVE_FLAGS } from "../../../lib/cli/arguments/serve_flags.ts";
import { jsonSchema } from "../../../lib/config/json_schema.ts";
import { parseConfigText } from "../../../lib/config/text/parse_text.ts";
import { runSignway } from "../../support/run_signway.ts";
import { PEM } from "./pem_of_settings.ts";
import { schemaKeys, type SchemaNode } from "./schema_keys.ts";
import { ROOT } from "../../support/root.ts";

const DOCS = `${ROOT}/docs`;
const TEXT = await Bun.file(`${DOCS}/configuration.md`).text();
const SCHEMA = await Bun.file(`${DOCS}/signway.schema.json`).text();

const SECRET = "canary-7f3a9c-which-has-more-than-32-bytes";

/** One row of a table of keys. */
interface Row {
  type: string;
  default: string;
  flag: string;
  meaning: string;
}

/** The code blocks in a language. */
function blocks(language: string): string[] {
  return [...TEXT.matchAll(/^```(\w+)\n(.*?)^```/gms)]
    .filter(([, name]) => name === language)
    .map(([, , code]) => code!);
}

/** The rows about keys by their whole name, such as `app[].upstream[].url`. */
function documentedKeys(): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const section of TEXT.split(/^## /m)) {
    const [heading = ""] = section.split("\n");
    const prefix = prefixOf(heading);
    let columns: string[] = [];
    for (const line of section.split("\n").filter((text) => text.startsWith("|"))) {
      const cells = line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim());
      if (cells[0] === "key") columns = cells;
      const [, key] = /^`(\w+)`$/.exec(cells[0] ?? "") ?? [];
      if (key === undefined || columns[0] !== "key") continue;
      const cell = (name: string) => cells[columns.indexOf(name)] ?? "";
      rows.set(prefix + key, {
        type: cell("type"),
        default: cell("default"),
        flag: cell("flag"),
        meaning: cell("meaning"),
      });
    }
  }
  return rows;
}

function prefixOf(heading: string): string {
  const [, path] = /^`\[+([\w.]+)\]+`$/.exec(heading) ?? [];
  if (path === undefined) return "";
  return `${path.replace(/^(app|route|policy)/, "$1[]").replace(/\bupstream(?=$|\.)/, "upstream[]")}.`;
}

/** A table of its own stands for every place where it may be. */
const documentedAs = (name: string): string =>
  name
    .replace(/^(app|route)\[\]\.cors\./, "cors.")
    .replace(/^route\[\]\.(aws|oauth)\./, "app[].upstream[].$1.")
    .replace(/^app\[\]\.upstream\[\]\.limits\./, "app[].limits.");

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  integer: "integer",
  number: "number",
  boolean: "boolean",
  array: "list",
  object: "table",
};

function typesOf({ type, anyOf }: SchemaNode): string[] {
  if (!anyOf) return [TYPES[type ?? ""] ?? `unknown ${type}`];
  return anyOf.flatMap(typesOf);
}

/** The keys that a configuration uses, by their whole names. */
function keysIn(node: unknown, prefix = ""): string[] {
  if (Array.isArray(node)) return node.flatMap((item) => keysIn(item, `${prefix}[]`));
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const name = prefix === "" ? key : `${prefix}.${key}`;
    return [name, ...keysIn(value, name)];
  });
}

const EXAMPLES = ["toml", "yaml", "json"].flatMap((language) =>
  blocks(language).map((text, i) => ({ name: `${language} ${i + 1}`, language, text })),
);

/** Runs `signway check` on an example, with all that it refers to. */
function check(text: string, language: string, env: Record<string, string> = {}) {
  const file = `signway.${language}`;
  const named = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name!);
  return runSignway(["check", file], {
    env: {
      CREDENTIALS_DIRECTORY: ".",
      ...Object.fromEntries(named(/\$\{(\w+)\}/g).map((name) => [name, SECRET])),
      RECEIPTS_SECRET: `whsec_${"A".repeat(32)}`,
      ...env,
    },
    files: {
      [file]: text,
      ...Object.fromEntries(
        named(/\$\{file:([^}]+)\}/g).map((name) => [
          name,
          name.endsWith(".pem") ? PEM.key : SECRET,
        ]),
      ),
      ...Object.fromEntries(named(/\$\{credential:([^}]+)\}/g).map((name) => [name, SECRET])),
      ...Object.fromEntries(
        named(/"([\w/]+\.pem)"/g).map((name) => [name, name.includes("key") ? PEM.key : PEM.cert]),
      ),
      ...Object.fromEntries(named(/"(prices\.json)"/g).map((name) => [name, "{}"])),
    },
  });
}

describe("docs/configuration.md tells of", () => {
  const rows = documentedKeys();

  test.each(schemaKeys())("$name", ({ name, node, isRequired }) => {
    const row = rows.get(documentedAs(name));
    expect(row).toBeDefined();
    expect(row!.type.split(" or ").sort()).toEqual([...new Set(typesOf(node))].sort());
    expect(row!.meaning.length).toBeGreaterThan(3);
    if (isRequired) expect(row!.default).toBe("required");
    else if (node.default === undefined) expect(row!.default).toBe("");
    else expect(row!.default).toBe(`\`${JSON.stringify(node.default)}\``);
  });

  test("no key that there is not", () => {
    const known = new Set(schemaKeys().map(({ name }) => documentedAs(name)));
    expect([...rows.keys()].filter((name) => !known.has(name))).toEqual([]);
  });

  test("every flag that has a key", () => {
    const ofApp = ["config", "header", "upstream", "allow-private-upstreams"];
    const others = [...ofApp, "help", "version"];
    const named = [...rows.values()].flatMap(
      ({ flag }) => flag.match(/[a-z0-9]+(-[a-z0-9]+)*/g) ?? [],
    );
    expect([...named, ...others].sort()).toEqual(Object.keys(SERVE_FLAGS).sort());
  });

  test("every key in an example", () => {
    const used = new Set(
      EXAMPLES.flatMap(({ text, language }) => keysIn(parseConfigText(text, `a.${language}`))).map(
        documentedAs,
      ),
    );
    const missing = schemaKeys().filter(({ name }) => !used.has(documentedAs(name)));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});

describe("in docs/configuration.md", () => {
  test.each(EXAMPLES)("the example $name passes", async ({ text, language }) => {
    const run = await check(text, language);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).not.toContain("canary");
  });

  const [said = "", mistakes = ""] = blocks("text");

  test("the small example means what is said of it", async () => {
    expect((await check(blocks("toml")[0]!, "toml")).stdout).toBe(said);
  });

  test("the mistakes are reported as they are shown", async () => {
    const mistaken = blocks("toml")[0]!
      .replace("listen =", "lisen =")
      .replace('"https://api.openai.com/v1/"', '"api.openai.com/v1/"')
      .replace("headers =", "header =");
    const run = await check(mistaken, "toml", { SW_SECRET: "" });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr.split("\n").sort()).toEqual(mistakes.split("\n").sort());
  });

  test("links lead to headings", () => {
    const anchors = [...TEXT.matchAll(/^## (.*)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\w\- ]/g, "")
        .replaceAll(" ", "-"),
    );
    const links = [...TEXT.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor!);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  });
});

test("the tables of docs/configuration.md are those that bun run docs writes", () => {
  expect(fillSettingsTables(TEXT)).toBe(TEXT);
});

test("docs/signway.schema.json is what signway check --schema prints", async () => {
  const { stdout } = await runSignway(["check", "--schema"]);
  // As texts, so that the order counts too.
  expect(JSON.stringify(JSON.parse(SCHEMA))).toBe(JSON.stringify(JSON.parse(stdout)));
  expect(JSON.parse(SCHEMA)).toEqual(jsonSchema());
});
