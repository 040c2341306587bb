import { describe, expect, test } from "bun:test";
import packageJson from "../../../package.json" with { type: "json" };
import { builtDist } from "../../support/dist.ts";
import { finished } from "../../support/finished.ts";
import { requirement } from "../../support/requirement.ts";
import { ROOT } from "../../support/root.ts";
import { folderWith } from "../../support/folder.ts";
import { assertContainers } from "../packaging/contained.ts";

const images = await requirement("buildah", () => assertContainers("buildah"));

interface Descriptor {
  digest: string;
  platform?: { architecture: string };
}

async function release(args: string[], env: Record<string, string> = {}) {
  const { PATH = "", HOME = "" } = process.env;
  return await finished(
    Bun.spawn([process.execPath, "build/release/main.ts", ...args], {
      cwd: ROOT,
      env: { PATH, HOME, ...env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    }),
  );
}

describe("bun run release", () => {
  test("without --dry-run says how a release is made, and does nothing", async () => {
    const run = await release([]);
    expect([run.code, run.stdout]).toEqual([2, ""]);
    expect(run.stderr).toContain(`push the tag v${packageJson.version}`);
  });

  test("--dry-run stops at once when the changelog has no section", async () => {
    await using folder = await folderWith({ "CHANGELOG.md": "## Unreleased\n" });
    const env = { CHANGELOG: folder.path("CHANGELOG.md") };
    const run = await release(["--dry-run", "--out", folder.path("out")], env);
    expect(run.code).not.toBe(0);
    expect(run.stderr).toContain(`no section '## ${packageJson.version}'`);
  });

  test.skipIf("reason" in images)(
    "--dry-run writes the notes, the checksums, the package and an OCI layout",
    async () => {
      await builtDist();
      await using folder = await folderWith({
        "CHANGELOG.md": `## ${packageJson.version}\n\n- Now.\n`,
      });
      const storage = `[storage]\ndriver = "vfs"\ngraphroot = "${folder.path("root")}"\nrunroot = "${folder.path("run")}"\n`;
      await Bun.write(folder.path("storage.conf"), storage);
      const run = await release(["--dry-run", "--built", "--out", folder.path("out")], {
        CHANGELOG: folder.path("CHANGELOG.md"),
        CONTAINERS_STORAGE_CONF: folder.path("storage.conf"),
      });
      expect([run.code, run.stderr]).toEqual([0, expect.any(String)]);
      const read = (name: string): Promise<string> => Bun.file(folder.path(`out/${name}`)).text();
      expect((await read("notes.md")).trim()).toBe("- Now.");
      for (const name of ["signway-linux-amd64", "sbom.cdx.json", "signway.1", "install.sh"]) {
        expect(await read("files.txt")).toMatch(new RegExp(`^[0-9a-f]{64} {2}${name}$`, "m"));
      }
      expect(await read("package.txt")).toContain(`+ signway@${packageJson.version}`);

      // https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md
      expect(JSON.parse(await read("image/oci-layout"))).toEqual({ imageLayoutVersion: "1.0.0" });
      const blob = async (digest: string): Promise<string> => {
        const text = await read(`image/blobs/${digest.replace(":", "/")}`);
        const hash = new Bun.CryptoHasher("sha256").update(text).digest("hex");
        expect(digest).toBe(`sha256:${hash}`);
        return text;
      };
      const index = JSON.parse(await read("image/index.json")) as { manifests: Descriptor[] };
      expect(index.manifests).toHaveLength(1);
      const list = JSON.parse(await blob(index.manifests[0]!.digest)) as {
        manifests: Descriptor[];
      };
      expect(list.manifests.map(({ platform }) => platform?.architecture).toSorted()).toEqual([
        "amd64",
        "arm64",
      ]);
      for (const { digest } of list.manifests) {
        const { config } = JSON.parse(await blob(digest)) as { config: Descriptor };
        const image = JSON.parse(await blob(config.digest)) as { config: { Entrypoint: string[] } };
        expect(image.config.Entrypoint).toEqual(["/signway"]);
      }
    },
    600_000,
  );
});
