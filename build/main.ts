// Writes everything that users download into dist/: bun run build [--only NAME]... [--out FOLDER]
import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import type { Shell } from "../lib/cli/arguments/completions_flags.ts";
import { completions } from "../lib/cli/commands/completions.ts";
import { manualPage } from "../lib/cli/support/help/manual_page.ts";
import { compileBinary, TARGETS, type TargetName } from "./binary/compile.ts";
import { formatChecksums } from "./checksums.ts";
import { bundleExplainPage } from "./explain_page.ts";
import { ARCHITECTURES, buildRootFileSystem } from "./root_file_system/root_file_system.ts";
import { findSource, type Source } from "./source.ts";

const ROOT = dirname(import.meta.dirname);
const TARGET_NAMES = Object.keys(TARGETS) as TargetName[];

/** The files with completions, whose names zsh and people expect. */
const COMPLETIONS: Readonly<Record<string, Shell>> = {
  "signway.bash": "bash",
  _signway: "zsh",
  "signway.fish": "fish",
};

const HELP = `bun run build [--only NAME]... [--out FOLDER]

Writes the binaries, the root file systems of the container, the bill of materials, the page that
explains a signed URL, the manual page, the completions of shells, and the checksums.

  --only NAME   one of ${TARGET_NAMES.join(", ")}, and nothing else but the checksums; repeatable
  --out FOLDER  where to (dist); what an earlier build wrote there is replaced
`;

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    out: { type: "string", default: `${ROOT}/dist` },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) process.stdout.write(HELP);
else if (values.only) await build(resolve(values.out), values.only.map(parseTargetName));
else await build(resolve(values.out), TARGET_NAMES, writeCompanions);

/**
 * Builds the binaries and the root file systems of some targets.
 *
 * @param folder where to; an earlier build in it is removed first
 * @param targets which binaries
 * @param writeMore writes further files, before the checksums are taken; default: none
 */
async function build(
  folder: string,
  targets: readonly TargetName[],
  writeMore?: (folder: string, source: Source) => Promise<void>,
): Promise<void> {
  // The bundler names files by their path from the working directory.
  process.chdir(ROOT);
  await mkdir(folder, { recursive: true });
  for (const name of await listBuilt(folder)) await rm(`${folder}/${name}`, { recursive: true });
  const source = await findSource();
  for (const target of targets) {
    await compileBinary(target, source, `${folder}/signway-linux-${target}`);
  }
  for (const architecture of ARCHITECTURES.filter((name) => targets.includes(name))) {
    const binary = `${folder}/signway-linux-${architecture}`;
    const contents = { architecture, source, binary };
    await buildRootFileSystem(`${folder}/rootfs-${architecture}`, contents);
  }
  await writeMore?.(folder, source);
  const files = (await listBuilt(folder)).filter((name) => !name.startsWith("rootfs-"));
  const checksums = await formatChecksums(folder, files);
  await Bun.write(`${folder}/SHA256SUMS`, checksums);
  process.stdout.write(checksums);
}

/** Writes the files that a release has beside its binaries. */
async function writeCompanions(folder: string, source: Source): Promise<void> {
  // Its library is a development dependency, which a build of one binary does without.
  const { billOfMaterials } = await import("./bill_of_materials/bill_of_materials.ts");
  await Bun.write(`${folder}/sbom.cdx.json`, await billOfMaterials(source));
  await Bun.write(`${folder}/explain.html`, await bundleExplainPage());
  await Bun.write(`${folder}/signway.1`, manualPage());
  for (const [name, shell] of Object.entries(COMPLETIONS)) {
    await Bun.write(`${folder}/${name}`, completions([shell]));
  }
}

function parseTargetName(name: string): TargetName {
  const target = TARGET_NAMES.find((known) => known === name);
  if (target) return target;
  throw new RangeError(`--only ${name}: there is ${TARGET_NAMES.join(", ")}`);
}

/** The names of the files and folders that a build wrote; the folder may hold others. */
async function listBuilt(folder: string): Promise<string[]> {
  const names =
    /^(signway-linux-[a-z0-9-]+|rootfs-[a-z0-9]+|sbom\.cdx\.json|explain\.html|signway\.1|SHA256SUMS)$/;
  return (await readdir(folder)).filter((name) => names.test(name) || name in COMPLETIONS);
}
