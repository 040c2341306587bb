import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { ROOT } from "../../support/root.ts";

const CLIENTS = `${ROOT}/tests/clients/node_modules`;
const TSC = [process.execPath, `${ROOT}/node_modules/typescript/bin/tsc`];
const STRICT = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022"];
const folder = mkdtempSync(`${tmpdir()}/signway-types-`);

beforeAll(async () => {
  await run([process.execPath, `${ROOT}/build/npm_package/main.ts`, `${folder}/sdk`], ROOT);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const blocksOf = (path: string): string[] =>
  [...readFileSync(`${ROOT}/${path}`, "utf8").matchAll(/^```ts\n(.*?)^```/gms)].map(
    ([, code]) => code!,
  );

/** What docs show of the package, each as a file; its own README is one program. */
const FILES: Record<string, string> = Object.fromEntries([
  ...blocksOf("docs/signed_urls.md")
    .filter((code) => code.includes("signUrl"))
    .map((code, i) => [`signed_urls_${i}.ts`, code]),
  ...blocksOf("docs/signing/javascript.md").map((code, i) => [`javascript_${i}.ts`, code]),
  ["package.ts", blocksOf("build/npm_package/README.md").join("\n")],
  [
    "wrong.ts",
    `import { signUrl } from "signway";\nexport const url: number = await signUrl("", { id: 1 });\n`,
  ],
]);

/** A project: what its `--lib` and `--types` are, and the packages with these types. */
interface Project {
  lib: string;
  types: string;
  packages: Record<string, string>;
}

const PROJECTS: Record<string, Project> = {
  "Node, with @types/node alone": {
    lib: "esnext",
    types: "node",
    packages: {
      "@types/node": `${CLIENTS}/@types/node`,
      "undici-types": `${CLIENTS}/undici-types`,
    },
  },
  Bun: {
    lib: "esnext",
    types: "bun-types",
    packages: {
      "bun-types": `${ROOT}/node_modules/bun-types`,
      "@types/node": `${ROOT}/node_modules/@types/node`,
      "undici-types": `${ROOT}/node_modules/undici-types`,
    },
  },
  "a page (DOM)": { lib: "esnext,dom,dom.iterable", types: "", packages: {} },
  "Cloudflare Workers": {
    lib: "esnext",
    types: "@cloudflare/workers-types",
    packages: { "@cloudflare/workers-types": `${CLIENTS}/@cloudflare/workers-types` },
  },
};

/** Makes a project with the package and the snippets. */
function createProject(packages: Record<string, string>): string {
  const project = mkdtempSync(`${folder}/project-`);
  const manifest = { type: "module", dependencies: { signway: "*" } };
  writeFileSync(`${project}/package.json`, JSON.stringify(manifest));
  for (const [name, path] of Object.entries({ signway: `${folder}/sdk`, ...packages })) {
    cpSync(path, `${project}/node_modules/${name}`, { recursive: true, dereference: true });
  }
  for (const [name, code] of Object.entries(FILES)) writeFileSync(`${project}/${name}`, code);
  return project;
}

async function run(command: string[], cwd: string): Promise<[code: number, output: string]> {
  const child = Bun.spawn(command, { cwd, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const texts = [child.stdout, child.stderr].map((stream) => new Response(stream).text());
  const output = (await Promise.all(texts)).join("");
  return [await child.exited, output];
}

const RIGHT = Object.keys(FILES).filter((name) => name !== "wrong.ts");

describe("what docs show type-checks under strict, with the package's own types, in", () => {
  test("a list that has all of them", () => {
    expect(RIGHT.length).toBeGreaterThanOrEqual(4);
    expect(FILES["signed_urls_1.ts"]).toContain("export async function sign(");
  });

  test.each(Object.entries(PROJECTS))(
    "%s",
    async (_, { lib, types, packages }) => {
      const project = createProject(packages);
      const check = (names: string[]) =>
        run([...TSC, ...STRICT, "--lib", lib, "--types", types, ...names], project);
      expect(await check(RIGHT)).toEqual([0, ""]);
      const [code, output] = await check(["wrong.ts"]);
      expect([code, output]).toEqual([expect.any(Number), expect.stringContaining("TS2322")]);
    },
    60_000,
  );

  test("Deno", async () => {
    const project = createProject({});
    writeFileSync(`${project}/deno.json`, '{ "nodeModulesDir": "manual" }');
    const deno = `${CLIENTS}/.bin/deno`;
    expect((await run([deno, "check", ...RIGHT], project))[0]).toBe(0);
    const [code, output] = await run([deno, "check", "wrong.ts"], project);
    expect([code === 0, output]).toEqual([false, expect.stringContaining("TS2322")]);
  }, 60_000);
});
