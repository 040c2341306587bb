// Builds the npm package of the signer: bun run build:sdk [FOLDER]
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import packageJson from "../../package.json";
import { createFreshFolder } from "./fresh_folder.ts";

const ROOT = dirname(dirname(import.meta.dirname));
const SIGNING = `${ROOT}/lib/signing`;

/** The package's entries, by the names of their files. */
const ENTRIES = {
  ".": "mod",
  "./explain": "explain",
  "./signed-fetch": "signed_fetch",
  "./verify": "verify",
};

const { positionals } = parseArgs({ allowPositionals: true });
const folder = resolve(positionals[0] ?? `${ROOT}/dist/sdk`);
createFreshFolder(folder, "mod.js");
await buildModules();
await buildTypes();
writeFileSync(`${folder}/package.json`, `${JSON.stringify(createManifest(), null, 2)}\n`);
copyFileSync(`${ROOT}/LICENSE`, `${folder}/LICENSE`);
copyFileSync(`${import.meta.dirname}/README.md`, `${folder}/README.md`);
for (const name of Object.values(ENTRIES)) {
  const code = readFileSync(`${folder}/${name}.js`);
  console.log(`${name}.js: ${code.length} bytes, ${gzipSync(code, { level: 9 }).length} in gzip`);
}

/** Writes one file for each entry. Built together, each would hold the code that another one needs. */
async function buildModules(): Promise<void> {
  for (const name of Object.values(ENTRIES)) {
    await Bun.build({
      entrypoints: [`${SIGNING}/${name}.ts`],
      outdir: folder,
      target: "browser",
      format: "esm",
      minify: true,
    });
  }
}

/** Writes the type declarations: one file for each source file, with imports of `.js` files. */
async function buildTypes(): Promise<void> {
  const options = [
    ...["--declaration", "--emitDeclarationOnly", "--outDir", folder, "--rootDir", SIGNING],
    ...["--target", "esnext", "--module", "esnext", "--moduleResolution", "bundler"],
    ...["--lib", "esnext,dom,dom.iterable", "--types", "", "--strict"],
    ...["--allowImportingTsExtensions", "--ignoreConfig"],
  ];
  const files = Object.values(ENTRIES).map((name) => `${SIGNING}/${name}.ts`);
  const tsc = [process.execPath, `${ROOT}/node_modules/typescript/bin/tsc`, ...options, ...files];
  const child = Bun.spawn(tsc, { stdout: "inherit", stderr: "inherit" });
  if ((await child.exited) !== 0) throw new Error("tsc could not write the type declarations");
  const written = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const name of written.filter((name) => name.endsWith(".d.ts"))) {
    const text = readFileSync(`${folder}/${name}`, "utf8");
    writeFileSync(`${folder}/${name}`, text.replace(/(from "\.\.?\/[\w./]+)\.ts"/g, '$1.js"'));
  }
}

function createManifest() {
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
