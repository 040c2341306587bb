// Builds the npm package of the signer: bun run build:sdk [FOLDER]
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import packageJson from "../../package.json";
import { freshFolder } from "./fresh_folder.ts";

const ROOT = dirname(dirname(import.meta.dirname));
const SOURCE = `${ROOT}/lib/signing`;

/** The package's entries, by the names of their files. */
const ENTRIES = {
  ".": "mod",
  "./explain": "explain",
  "./signed-fetch": "signed_fetch",
  "./verify": "verify",
};

const { positionals } = parseArgs({ allowPositionals: true });
const folder = resolve(positionals[0] ?? `${ROOT}/dist/sdk`);
freshFolder(folder, "mod.js");
await buildModules();
await buildTypes();
writeFileSync(`${folder}/package.json`, `${JSON.stringify(manifest(), null, 2)}\n`);
copyFileSync(`${ROOT}/LICENSE`, `${folder}/LICENSE`);
copyFileSync(`${import.meta.dirname}/README.md`, `${folder}/README.md`);
for (const name of Object.values(ENTRIES)) {
  const code = readFileSync(`${folder}/${name}.js`);
  console.log(`${name}.js: ${code.length} bytes, ${gzipSync(code, { level: 9 }).length} in gzip`);
}

/** One file an entry. Built together, each would hold whatever another of them needs of a file. */
async function buildModules(): Promise<void> {
  for (const name of Object.values(ENTRIES)) {
    await Bun.build({
      entrypoints: [`${SOURCE}/${name}.ts`],
      outdir: folder,
      target: "browser",
      format: "esm",
      minify: true,
    });
  }
}

async function buildTypes(): Promise<void> {
  const options = [
    ...["--declaration", "--emitDeclarationOnly", "--outDir", folder, "--rootDir", SOURCE],
    ...["--target", "esnext", "--module", "esnext", "--moduleResolution", "bundler"],
    ...["--lib", "esnext,dom,dom.iterable", "--types", "", "--strict"],
    ...["--allowImportingTsExtensions", "--ignoreConfig"],
  ];
  const files = Object.values(ENTRIES).map((name) => `${SOURCE}/${name}.ts`);
  const tsc = [process.execPath, `${ROOT}/node_modules/typescript/bin/tsc`, ...options, ...files];
  const child = Bun.spawn(tsc, { stdout: "inherit", stderr: "inherit" });
  if ((await child.exited) !== 0) throw new Error("tsc could not write the type declarations");
  const written = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const name of written.filter((name) => name.endsWith(".d.ts"))) {
    const text = readFileSync(`${folder}/${name}`, "utf8");
    writeFileSync(`${folder}/${name}`, text.replace(/(from "\.\.?\/[\w./]+)\.ts"/g, '$1.js"'));
  }
}

function manifest() {
  const { name, version, license } = packageJson;
  const entries = Object.entries(ENTRIES).map(([entry, file]) => [
    entry,
    { types: `./${file}.d.ts`, default: `./${file}.js` },
  ]);
  return {
    name,
    version,
    description: "Signs and verifies URLs and requests for the Signway gateway",
    license,
    type: "module",
    sideEffects: false,
    engines: { node: ">=20" },
    exports: Object.fromEntries(entries),
    types: "./mod.d.ts",
  };
}
