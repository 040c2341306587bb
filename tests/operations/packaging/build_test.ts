import { describe, expect, test } from "bun:test";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { findSource } from "../../../build/source.ts";
import packageJson from "../../../package.json";
import { BUILD_INPUTS, builtDist } from "../../support/dist.ts";
import { ROOT } from "../../support/root.ts";

const dist = await builtDist();

describe("the build", () => {
  test("writes the binaries, a list of what is in them, pages, completions, the checksums and two file systems", async () => {
    const others = ["book", "release", "sdk"];
    const names = (await readdir(dist)).filter((name) => !others.includes(name));
    expect(names.sort()).toEqual([
      "SHA256SUMS",
      "_signway",
      "explain.html",
      "rootfs-amd64",
      "rootfs-arm64",
      "sbom.cdx.json",
      "signway-linux-amd64",
      "signway-linux-amd64-baseline",
      "signway-linux-amd64-musl",
      "signway-linux-arm64",
      "signway-linux-arm64-musl",
      "signway.1",
      "signway.bash",
      "signway.fish",
    ]);
  });

  test("writes checksums that sha256sum confirms", async () => {
    const { exitCode, stdout } = await Bun.$`sha256sum --check --strict SHA256SUMS`
      .cwd(dist)
      .quiet();
    expect([exitCode, stdout.toString().match(/: OK$/gm)?.length]).toEqual([0, 11]);
  });

  test.each([
    ["amd64", "Advanced Micro Devices X86-64", "/lib64/ld-linux-x86-64.so.2"],
    ["amd64-musl", "Advanced Micro Devices X86-64", "/lib/ld-musl-x86_64.so.1"],
    ["arm64", "AArch64", "/lib/ld-linux-aarch64.so.1"],
    ["arm64-musl", "AArch64", "/lib/ld-musl-aarch64.so.1"],
  ])(
    "makes signway-linux-%s for the processor and the C library of its name",
    async (name, machine, loader) => {
      const elf = await Bun.$`readelf --file-header --program-headers ${dist}/signway-linux-${name}`
        .quiet()
        .text();
      expect(elf).toContain(machine);
      expect(elf).toContain(loader);
    },
  );

  test("makes the same bytes of the same commit in another folder", async () => {
    const copy = await mkdtemp(join(tmpdir(), "signway-build-"));
    try {
      for (const name of BUILD_INPUTS)
        await cp(join(ROOT, name), join(copy, name), { recursive: true });
      const { commit, date } = await findSource();
      const env = {
        ...process.env,
        SIGNWAY_COMMIT: commit,
        SOURCE_DATE_EPOCH: String(Number(date) / 1000),
      };
      await Bun.$`${process.execPath} install --frozen-lockfile`.cwd(copy).env(env).quiet();
      await Bun.write(`${copy}/elsewhere/notes.txt`, "not the build's");
      // From a working directory that is not the copy's own.
      await Bun.$`${process.execPath} ${copy}/build/main.ts --out ${copy}/elsewhere`
        .cwd("/")
        .env(env)
        .quiet();
      const sums = (folder: string): Promise<string> => Bun.file(`${folder}/SHA256SUMS`).text();
      expect(await sums(`${copy}/elsewhere`)).toBe(await sums(dist));
      expect(await Bun.file(`${copy}/elsewhere/notes.txt`).text()).toBe("not the build's");
      for (const root of ["rootfs-amd64", "rootfs-arm64"]) {
        expect(await listing(`${copy}/elsewhere/${root}`)).toBe(await listing(`${dist}/${root}`));
      }
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  });

  test("writes nothing of the machine into a binary", async () => {
    const bytes = await Bun.file(`${dist}/signway-linux-amd64`).bytes();
    expect(Buffer.from(bytes).includes(`${ROOT}/`)).toBe(false);
  });

  test("names the binaries that there are when asked for another", async () => {
    const run = await Bun.$`${process.execPath} build/main.ts --only riscv64`
      .cwd(ROOT)
      .quiet()
      .nothrow();
    expect(run.exitCode).toBe(1);
    expect(run.stderr.toString()).toContain("--only riscv64: there is amd64, amd64-baseline,");
  });
});

describe("the bill of materials", async () => {
  const text = await Bun.file(`${dist}/sbom.cdx.json`).text();
  const bom = JSON.parse(text) as {
    components: {
      name: string;
      version: string;
      purl: string;
      hashes?: unknown[];
      licenses: unknown[];
    }[];
    dependencies: { ref: string; dependsOn?: string[] }[];
  };

  test("fits the schema of CycloneDX 1.6", async () => {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    expect(await validator.validate(text)).toBeNull();
    expect(await validator.validate(text.replace('"library"', '"booklet"'))).not.toBeNull();
  });

  test("has every package of the product in its locked version, Bun and the C library", () => {
    const versions = new Map(bom.components.map(({ name, version }) => [name, version]));
    for (const [name, version] of Object.entries(packageJson.dependencies)) {
      expect([name, versions.get(name)]).toEqual([name, version]);
    }
    expect(versions.get("bun")).toBe(Bun.version);
    expect(bom.components.filter(({ name }) => name === "libc6")).toHaveLength(2);
    expect(versions.get("sonic-boom")).toBeString();
    for (const name of Object.keys(packageJson.devDependencies))
      expect(versions.has(name)).toBe(false);
  });

  test("says of each where it is from, what it hashes to and its licence", () => {
    for (const { name, purl, hashes = [], licenses } of bom.components) {
      expect(purl).toMatch(/^pkg:(npm|deb\/debian)\/[\w%.-]+(\/[\w.-]+)?@/);
      expect([name, licenses.length]).toEqual([name, 1]);
      if (name !== "bun") expect([name, hashes.length]).toEqual([name, 1]);
    }
  });

  test("connects all of them to the product", () => {
    const needs = new Map(bom.dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
    const reached = new Set<string>();
    const visit = (ref: string): void => {
      if (reached.has(ref)) return;
      reached.add(ref);
      needs.get(ref)?.forEach(visit);
    };
    visit(`signway@${packageJson.version}`);
    expect(reached.size).toBe(bom.components.length + 1);
  });
});

/** Every file below a folder with its mode, its date and its digest. */
async function listing(folder: string): Promise<string> {
  const script = "find . -printf '%p %m %T@\\n' | sort; find . -type f -exec sha256sum {} + | sort";
  return await Bun.$`sh -c ${script}`.cwd(folder).text();
}
