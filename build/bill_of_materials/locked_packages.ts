import { dirname, join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };

const ROOT = dirname(dirname(import.meta.dirname));

/** A package that the product needs, as recorded in `bun.lock`. */
export interface LockedPackage {
  /** Its key in `bun.lock`: the name, after the names of the packages that alone need this version. */
  key: string;
  name: string;
  version: string;
  /** The hash of the archive in the registry, in hexadecimal digits. */
  sha512: string;
  /** The SPDX identifier of its licence, from its `package.json`. */
  license: string;
  /** The keys of the packages that it needs itself. */
  dependencyKeys: string[];
}

type LockEntry = [
  id: string,
  registry: string,
  { dependencies?: Record<string, string> },
  hash: string,
];

/**
 * Lists the packages that the product needs, directly or through another package.
 *
 * @throws Error when `bun.lock` has a package without a SHA-512, or lacks one
 */
export async function productPackages(): Promise<LockedPackage[]> {
  const text = await Bun.file(join(ROOT, "bun.lock")).text();
  const { packages } = Bun.JSONC.parse(text) as { packages: Record<string, LockEntry> };
  const found = new Map<string, LockedPackage>();
  const visit = async (key: string): Promise<void> => {
    if (found.has(key)) return;
    const [id, , { dependencies = {} }, hash] = packages[key]!;
    const dependencyKeys = Object.keys(dependencies).map((name) => resolveKey(name, key, packages));
    found.set(key, {
      key,
      dependencyKeys,
      ...parsePackageId(id),
      sha512: parseSha512(id, hash),
      license: await readLicense(key),
    });
    for (const dependencyKey of dependencyKeys) await visit(dependencyKey);
  };
  for (const name of Object.keys(packageJson.dependencies)) await visit(name);
  return [...found.values()];
}

/** The key under which a package finds another: beneath itself, beneath its parents, or at the top. */
function resolveKey(name: string, from: string, packages: Record<string, LockEntry>): string {
  for (let parents = splitKey(from); parents.length > 0; parents = parents.slice(0, -1)) {
    const key = [...parents, name].join("/");
    if (key in packages) return key;
  }
  if (name in packages) return name;
  throw new Error(`bun.lock has no ${name}`);
}

function splitKey(key: string): string[] {
  return key.match(/(@[^/]+\/)?[^/]+/g) ?? [];
}

function parsePackageId(id: string): { name: string; version: string } {
  const at = id.lastIndexOf("@");
  return { name: id.slice(0, at), version: id.slice(at + 1) };
}

function parseSha512(id: string, hash: string): string {
  if (!hash.startsWith("sha512-")) throw new Error(`bun.lock has no SHA-512 of ${id}`);
  return Buffer.from(hash.slice("sha512-".length), "base64").toString("hex");
}

async function readLicense(key: string): Promise<string> {
  const path = join(ROOT, "node_modules", splitKey(key).join("/node_modules/"), "package.json");
  const { license } = (await Bun.file(path).json()) as { license?: string };
  if (!license) throw new Error(`${key} does not say its licence`);
  return license;
}
