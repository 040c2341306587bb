import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { type Call, type Program, showCalls } from "./program.ts";
import { SAMPLES } from "./samples.ts";

const FOLDERS = ["tests", "docs", "deploy", "examples"];
const OUTSIDE = /(^|\/)(node_modules|surface)\//;

// What the files of this repository refer to.
const ENV = {
  SW_SECRET: "a secret of more than 16 bytes",
  OPENAI_API_KEY: "sk-key",
  INTERNAL_KEY: "key",
  SA_SIGNING_SECRET_KEY: "a secret of more than 16 bytes",
  DEMO_ID: "demo",
  DEMO_SECRET: "a secret of more than 16 bytes",
  DEMO_UPSTREAM: "https://api.example/v1/",
  DEMO_API_KEY: "sk-key",
};

/** What `check` says of every configuration file of the checkout, and of samples. */
export async function showConfigurations(program: Program): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "signway-"));
  const samples = Object.entries(SAMPLES).map(async ([name, text]) => {
    await Bun.write(join(folder, name), text);
    return { path: join(folder, name), text };
  });
  const own = await Promise.all(FOLDERS.map((name) => configurationsIn(program.root, name)));
  const files = [...own.flat(), ...(await Promise.all(samples))];
  const texts = await showCalls(program, files.flatMap(checks));
  await rm(folder, { recursive: true });
  return texts;
}

interface File {
  path: string;
  text: string;
}

// Without the folder in the title: a file may move.
function checks({ path, text }: File): Call[] {
  const [folder, name] = [dirname(path), basename(path)];
  const check = { args: ["check", name], folder, title: `signway check ${name}` };
  if (!text.includes("${")) return [check];
  return [check, { ...check, env: ENV, title: `${check.title}, with variables` }];
}

async function configurationsIn(root: string, folder: string): Promise<File[]> {
  const names = await readdir(join(root, folder), { recursive: true });
  const paths = names.filter((name) => /\.(toml|ya?ml|json)$/.test(name) && !OUTSIDE.test(name));
  const texts = await Promise.all(
    paths.map(async (name) => {
      const path = join(root, folder, name);
      return { path, text: await readFile(path, "utf8") };
    }),
  );
  return texts
    .filter(({ text }) => /^(\[\[(app|route)\]\]|(app|route):$)/m.test(text))
    .toSorted((a, b) => (basename(a.path) + a.text < basename(b.path) + b.text ? -1 : 1));
}

interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}

const VALUES = [true, -1, 0.5, 1e15, "", "x", "http://a b/", "*", [], {}, [1], ["x", "x"], null];

/** What `check` says of a file that has every key of the schema with the same value, or misspelt. */
export async function showWrongValues(program: Program): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "signway-"));
  const schema = await readSchema(program);
  const files: [title: string, content: unknown][] = [
    ...VALUES.map((value): [string, unknown] => [
      JSON.stringify(value),
      filled(schema, () => value),
    ]),
    [
      "misspelt",
      filled(
        schema,
        () => "x",
        (key) => key.slice(0, -2) + key.slice(-1),
      ),
    ],
    [
      "in capitals",
      filled(
        schema,
        () => "x",
        (key) => key.toUpperCase(),
      ),
    ],
  ];
  const calls = files.map(async ([title, content], number): Promise<Call> => {
    await Bun.write(join(folder, `${number}.json`), JSON.stringify(content));
    const args = ["check", `${number}.json`];
    return { args, folder, title: `signway check, every key ${title}` };
  });
  const texts = await showCalls(program, await Promise.all(calls));
  await rm(folder, { recursive: true });
  return texts;
}

async function readSchema(program: Program): Promise<Schema> {
  const [text = ""] = await showCalls(program, [{ args: ["check", "--schema"] }]);
  const lines = text.split("\n").filter((line) => line.startsWith("> "));
  return JSON.parse(lines.map((line) => line.slice(2)).join("\n")) as Schema;
}

/** A value of the schema's shape, down to what is no table and no list of tables. */
function filled(
  schema: Schema,
  leaf: () => unknown,
  rename: (key: string) => string = (key) => key,
): unknown {
  const table = schema.properties ?? schema.anyOf?.find(({ properties }) => properties)?.properties;
  if (schema.items?.properties) return [filled(schema.items, leaf, rename)];
  if (!table) return leaf();
  return Object.fromEntries(
    Object.entries(table).map(([key, inner]) => [rename(key), filled(inner, leaf, rename)]),
  );
}
