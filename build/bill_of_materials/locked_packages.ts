import { dirname, join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };

const ROOT = dirname(dirname(import.meta.dirname));

/** A package that the product needs, as `bun.lock` has it. */
export interface LockedPackage {
  /** Its place in `bun.lock`: the name, behind the names of those that alone need this version. */
  key: string;
  name: string;
  version: string;
  /** Of the archive in the registry, in hexadecimal digits. */
  sha512: string;
  /** Its SPDX identifier, as its `package.json` says. */
  license: string;
  /** The keys of what it needs itself. */
  needs: string[];
}

type Entry = [
  id: string,
  registry: string,
  { dependencies?: Record<string, string> },
  hash: string,
];

/**
 * Lists the packages that the product needs, with all that these need.
 *
 * @throws Error when `bun.lock` has a package without a SHA-512, or lacks one
 */
export async function productPackages(): Promise<LockedPackage[]> {
  const text = await Bun.file(join(ROOT, "bun.lock")).text();
  const { packages } = Bun.JSONC.parse(text) as { packages: Record<string, Entry> };
  const found = new Map<string, LockedPackage>();
  const visit = async (key: string): Promise<void> => {
    if (found.has(key)) return;
    const [id, , { dependencies = {} }, hash] = packages[key]!;
    const needs = Object.keys(dependencies).map((name) => keyOf(name, key, packages));
    found.set(key, {
      key,
      needs,
      ...identity(id),
      sha512: digits(id, hash),
      license: await licenseOf(key),
    });
    for (const need of needs) await visit(need);
  };
  for (const name of Object.keys(packageJson.dependencies)) await visit(name);
  return [...found.values()];
}

/** Where a package finds another: beneath itself, beneath those above it, or at the top. */
function keyOf(name: string, from: string, packages: Record<string, Entry>): string {
  for (let above = namesIn(from); above.length > 0; above = above.slice(0, -1)) {
    const key = [...above, name].join("/");
    if (key in packages) return key;
  }
  if (name in packages) return name;
  throw new Error(`bun.lock has no ${name}`);
}

function namesIn(key: string): string[] {
  return key.match(/(@[^/]+\/)?[^/]+/g) ?? [];
}

function identity(id: string): { name: string; version: string } {
  const at = id.lastIndexOf("@");
  return { name: id.slice(0, at), version: id.slice(at + 1) };
}

function digits(id: string, hash: string): string {
  if (!hash.startsWith("sha512-")) throw new Error(`bun.lock has no SHA-512 of ${id}`);
  return Buffer.from(hash.slice("sha512-".length), "base64").toString("hex");
}

async function licenseOf(key: string): Promise<string> {
  const path = join(ROOT, "node_modules", namesIn(key).join("/node_modules/"), "package.json");
  const { license } = (await Bun.file(path).json()) as { license?: string };
  if (!license) throw new Error(`${key} does not say its licence`);
  return license;
}
