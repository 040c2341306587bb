// Writes everything that is downloaded into dist/: `bun run build`, or for one alone
// `bun run build --only amd64`.
import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { compile, TARGETS, type TargetName } from "./build/binary.ts";
import { checksums } from "./build/checksums.ts";
import { ARCHITECTURES, buildRootFileSystem } from "./build/root_file_system.ts";
import { findSource } from "./build/source.ts";

const ROOT = dirname(import.meta.dirname);

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    out: { type: "string", default: `${ROOT}/dist` },
  },
});
const out = resolve(values.out);
const names = values.only ?? Object.keys(TARGETS);
for (const name of names) {
  if (!Object.hasOwn(TARGETS, name)) {
    throw new RangeError(`--only ${name}: there is ${Object.keys(TARGETS).join(", ")}`);
  }
}

// The bundler names files by their path from the working directory.
process.chdir(ROOT);
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const source = await findSource();
for (const name of names as TargetName[]) {
  await compile(name, source, `${out}/signway-linux-${name}`);
}
for (const architecture of ARCHITECTURES.filter((name) => names.includes(name))) {
  const binary = `${out}/signway-linux-${architecture}`;
  await buildRootFileSystem(architecture, source, binary, `${out}/rootfs-${architecture}`);
}
if (!values.only) {
  // Its library is a development dependency, which a build of one binary does without.
  const { billOfMaterials } = await import("./build/bill_of_materials.ts");
  await Bun.write(`${out}/sbom.cdx.json`, await billOfMaterials(source));
}
const files = (await readdir(out, { withFileTypes: true })).filter((entry) => entry.isFile());
const sums = await checksums(
  out,
  files.map(({ name }) => name),
);
await Bun.write(`${out}/SHA256SUMS`, sums);
process.stdout.write(sums);
