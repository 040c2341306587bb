// Writes everything that is downloaded into dist/; HELP says how.
import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { compile, TARGETS, type TargetName } from "./binary/compile.ts";
import { checksums } from "./checksums.ts";
import { bundleExplainPage } from "./explain_page.ts";
import { ARCHITECTURES, buildRootFileSystem } from "./root_file_system/root_file_system.ts";
import { findSource } from "./source.ts";

const ROOT = dirname(import.meta.dirname);

const HELP = `bun run build [--only NAME]... [--out FOLDER]

Writes the binaries, the root file systems of the container, the bill of materials, the page that
explains a signed URL, and the checksums.

  --only NAME   one of ${Object.keys(TARGETS).join(", ")}, without the bill of materials and the page; repeatable
  --out FOLDER  where to (dist); what an earlier build wrote there is replaced
`;

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    out: { type: "string", default: `${ROOT}/dist` },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit();
}
const out = resolve(values.out);
const names = values.only ?? Object.keys(TARGETS);
for (const name of names) {
  if (!Object.hasOwn(TARGETS, name)) {
    throw new RangeError(`--only ${name}: there is ${Object.keys(TARGETS).join(", ")}`);
  }
}

// The bundler names files by their path from the working directory.
process.chdir(ROOT);
await mkdir(out, { recursive: true });
for (const name of await written()) await rm(`${out}/${name}`, { recursive: true });
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
  const { billOfMaterials } = await import("./bill_of_materials/bill_of_materials.ts");
  await Bun.write(`${out}/sbom.cdx.json`, await billOfMaterials(source));
  await Bun.write(`${out}/explain.html`, await bundleExplainPage());
}
const sums = await checksums(
  out,
  (await written()).filter((name) => !name.startsWith("rootfs-")),
);
await Bun.write(`${out}/SHA256SUMS`, sums);
process.stdout.write(sums);

/** What a build wrote into the folder; whatever else is there is not ours. */
async function written(): Promise<string[]> {
  const names =
    /^(signway-linux-[a-z0-9-]+|rootfs-[a-z0-9]+|sbom\.cdx\.json|explain\.html|SHA256SUMS)$/;
  return (await readdir(out)).filter((name) => names.test(name));
}
