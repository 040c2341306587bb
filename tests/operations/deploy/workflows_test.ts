import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import packageJson from "../../../package.json" with { type: "json" };
import { folderWith } from "../../support/folder.ts";
import { assertContainers } from "../packaging/contained.ts";
import { builtDist } from "../../support/dist.ts";
import { requirement } from "../../support/requirement.ts";
import { installActionlint } from "./actionlint.ts";
import { ROOT } from "../../support/root.ts";

const WORKFLOWS = `${ROOT}/.github/workflows`;
const TAG = `v${packageJson.version}`;
const actionlint = await requirement("actionlint through the Go proxy", installActionlint);
const images = await requirement("buildah", () => assertContainers("buildah"));

/** Where each command that a workflow runs is run by the suite. */
const RUN_BY: Record<string, string> = {
  ".ci/run": "is what runs this suite",
  "bun run build": "tests/clients/readme_test.ts",
  "bun run docs:book": "tests/clients/book/built_book.ts",
  "build/release/newer_bun.sh": "here",
  "build/release/publish_image.sh": "here",
  "build/release/publish_package.sh": "here",
  "build/release/publish_release.sh": "here",
};

interface Workflow {
  jobs: Record<string, { steps: { run?: string }[] }>;
}

interface ManifestList {
  manifests: { platform: { os: string; architecture: string } }[];
}

/** The commands of all workflows, without what they are started through and their arguments. */
const commands = await Promise.all(
  readdirSync(WORKFLOWS).map(async (name) => {
    const { jobs } = Bun.YAML.parse(await Bun.file(`${WORKFLOWS}/${name}`).text()) as Workflow;
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    return steps.flatMap(({ run }) => (run === undefined ? [] : [[name, commandOf(run)] as const]));
  }),
).then((lists) => lists.flat());

function commandOf(run: string): string {
  return run
    .trim()
    .replace(/^sudo --preserve-env=CI env "PATH=\$PATH" /, "")
    .replace(/^npx --yes bun@[\d.]+ /, "bun ")
    .replace(/( --base "\$BASE"| "\$GITHUB_REF_NAME")$/, "");
}

async function run(script: string, args: string[], env: Record<string, string>) {
  const all = { PATH: process.env["PATH"]!, HOME: process.env["HOME"]!, ...env };
  const ran = await Bun.$`${`${ROOT}/${script}`} ${args}`.env(all).nothrow().quiet();
  return { code: ran.exitCode, stdout: ran.stdout.toString(), stderr: ran.stderr.toString() };
}

describe("the workflows", () => {
  test("run what the repository has and the suite runs too", async () => {
    expect([...new Set(commands.map(([, command]) => command))].sort()).toEqual(
      Object.keys(RUN_BY).sort(),
    );
    const here = await Bun.file(import.meta.path).text();
    for (const [, command] of commands) {
      if (RUN_BY[command] === "here") expect(here).toContain(`await run("${command}", `);
      const script = /^bun run ([\w:]+)$/.exec(command)?.[1];
      if (script) expect(Object.keys(packageJson.scripts)).toContain(script);
      else
        expect(await Bun.$`test -x ${ROOT}/${command}`.nothrow().quiet()).toHaveProperty(
          "exitCode",
          0,
        );
    }
  });

  test.skipIf("reason" in actionlint)("pass actionlint, and a mistake would not", async () => {
    const command = "value" in actionlint ? actionlint.value : "";
    const good =
      await Bun.$`${command} ${readdirSync(WORKFLOWS).map((name) => `${WORKFLOWS}/${name}`)}`
        .nothrow()
        .quiet();
    expect([good.exitCode, good.stdout.toString()]).toEqual([0, ""]);
    const text = await Bun.file(`${WORKFLOWS}/release.yml`).text();
    await using folder = await folderWith({ "bad.yml": text.replace("steps.image", "steps.imag") });
    const bad = await Bun.$`${command} ${folder.path("bad.yml")}`.nothrow().quiet();
    expect([bad.exitCode, bad.stdout.toString()]).toEqual([1, expect.stringContaining("imag")]);
  });
});

describe("newer_bun.sh", () => {
  test.each([
    ["1.4.5", "Bun 1.4.5 is the newest\n"],
    ["1.3.99", "Bun 1.4.5 is the newest\n"],
    ["1.4.10", "BUN_VERSION=1.4.10 .ci/run\n"],
  ])("when the registry's Bun is %s", async (newest, stdout) => {
    await using folder = await folderWith({ "bin/npm": `#!/bin/sh\necho ${newest}\n` });
    await Bun.$`chmod +x ${folder.path("bin/npm")}`;
    const PATH = `${folder.path("bin")}:${process.env["PATH"]}`;
    expect(await run("build/release/newer_bun.sh", [], { PATH, DRY_RUN: "1" })).toMatchObject({
      code: 0,
      stdout,
    });
  });
});

describe("publish_release.sh", () => {
  test("would publish the binaries and what installs them, all under checksums", async () => {
    const dist = await builtDist();
    await using folder = await folderWith({
      "CHANGELOG.md": `## ${packageJson.version}\n\n- Now.\n`,
    });
    const env = { CHANGELOG: folder.path("CHANGELOG.md"), DRY_RUN: "1" };
    const { code, stdout } = await run("build/release/publish_release.sh", [TAG], env);
    expect(code).toBe(0);
    expect(stdout).toContain("- Now.");
    const published = [...stdout.matchAll(/^would publish .*\/(.+)$/gm)].map(([, name]) => name!);
    const summed = [...stdout.matchAll(/^[0-9a-f]{64} {2}(.+)$/gm)].map(([, name]) => name!);
    expect(published.sort()).toEqual([...summed, "SHA256SUMS"].sort());
    const entries = readdirSync(dist, { withFileTypes: true });
    const built = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    expect(published).toEqual(expect.arrayContaining([...built, "install.sh", "signway.service"]));
  });

  test("refuses a tag of another version", async () => {
    const { code, stdout } = await run("build/release/publish_release.sh", ["v99.0.0"], {
      DRY_RUN: "1",
    });
    expect([code, stdout]).toEqual([1, ""]);
  });
});

describe("publish_package.sh", () => {
  test("would publish the package of the signer", async () => {
    const { code, stdout, stderr } = await run("build/release/publish_package.sh", [TAG], {
      DRY_RUN: "1",
      BUN: process.execPath,
    });
    expect(code).toBe(0);
    expect(stdout).toContain(`+ signway@${packageJson.version}`);
    for (const name of ["mod.js", "mod.d.ts", "verify.js", "README.md", "LICENSE"]) {
      expect(stderr).toMatch(new RegExp(`npm notice [\\d.]+ ?k?B ${name.replace(".", "\\.")}`));
    }
  });

  test("refuses a tag of another version", async () => {
    const { code, stderr } = await run("build/release/publish_package.sh", ["v99.0.0"], {
      DRY_RUN: "1",
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining("does not name version 99.0.0")]);
  });
});

describe.skipIf("reason" in images)("publish_image.sh", () => {
  test("builds one image for both architectures", async () => {
    await builtDist();
    await using folder = await folderWith();
    const storage = `[storage]\ndriver = "vfs"\ngraphroot = "${folder.path("root")}"\nrunroot = "${folder.path("run")}"\n`;
    await Bun.write(folder.path("storage.conf"), storage);
    const { code, stderr } = await run("build/release/publish_image.sh", [TAG], {
      IMAGE: "ghcr.io/Owner/signway",
      DRY_RUN: folder.path("image"),
      CONTAINERS_STORAGE_CONF: folder.path("storage.conf"),
    });
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const list = (await Bun.file(folder.path("image/manifest.json")).json()) as ManifestList;
    const platforms = list.manifests.map(({ platform: { os, architecture } }) => os + architecture);
    expect(platforms.sort()).toEqual(["linuxamd64", "linuxarm64"]);
  });
});
