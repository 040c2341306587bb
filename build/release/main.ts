// Tries a release without publishing anything: bun run release --dry-run [--out FOLDER]
import { mkdir, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import packageJson from "../../package.json";

const ROOT = dirname(dirname(import.meta.dirname));
const TAG = `v${packageJson.version}`;

const HELP = `bun run release --dry-run [--out FOLDER]

Does everything that the release of ${TAG} does, and publishes nothing: builds dist/, checks the checksums,
and writes what would be published.

  --out FOLDER  where to (dist/release), which is emptied first
  --built       take dist/ as it is

  notes.md      the section of CHANGELOG.md
  files.txt     the files of the release with their checksums
  package.txt   what npm would publish
  image/        the image for amd64 and arm64 as an OCI layout, where buildah is installed

A release itself is made by pushing the tag: .github/workflows/release.yml does the rest.
`;

const { values } = parseArgs({
  options: {
    "dry-run": { type: "boolean" },
    built: { type: "boolean" },
    out: { type: "string", default: `${ROOT}/dist/release` },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) process.stdout.write(HELP);
else if (values["dry-run"]) await tryRelease(resolve(values.out), values.built ?? false);
else {
  process.stderr.write(`release: push the tag ${TAG} to release it, or add --dry-run\n`);
  process.exitCode = 2;
}

async function tryRelease(out: string, isBuilt: boolean): Promise<void> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  // The notes fail at once when they are missing, and the build takes a minute.
  await Bun.write(`${out}/notes.md`, await script("release_notes.sh"));
  if (!isBuilt) await run([process.execPath, "build/main.ts"]);
  const published = await script("publish_release.sh", { DRY_RUN: "1" });
  const files = published.split("\n").filter((line) => /^[0-9a-f]{64} {2}/.test(line));
  await Bun.write(`${out}/files.txt`, `${files.join("\n")}\n`);
  const listing = await script("publish_package.sh", { DRY_RUN: "1", BUN: process.execPath });
  await Bun.write(`${out}/package.txt`, listing);
  const done = ["notes.md", "files.txt", "package.txt"];
  if (Bun.which("buildah")) {
    const image = `${out}/image`;
    await script("publish_image.sh", { IMAGE: "localhost/signway", OCI_LAYOUT: image });
    done.push("image");
  } else process.stderr.write("release: buildah is not installed, so there is no image\n");
  process.stdout.write(done.map((name) => `${out}/${name}\n`).join(""));
}

function script(name: string, env: Record<string, string> = {}): Promise<string> {
  return run([`build/release/${name}`, TAG], env);
}

/** Runs a command in the root of the project; its stderr is shown. */
async function run(command: string[], env: Record<string, string> = {}): Promise<string> {
  const child = Bun.spawn(command, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const stdout = await new Response(child.stdout).text();
  const code = await child.exited;
  if (code !== 0) throw new Error(`${command.join(" ")} failed with exit code ${code}`);
  return stdout;
}
