import { describe, expect, test } from "bun:test";
import { appendFile, readdir } from "node:fs/promises";
import { type Folder, folderWith } from "../../support/folder.ts";
import { ROOT } from "../../support/root.ts";

const SCRIPT = `${ROOT}/deploy/install.sh`;
const NAMES = [
  "linux-amd64",
  "linux-amd64-baseline",
  "linux-amd64-musl",
  "linux-arm64",
  "linux-arm64-musl",
];

/** A release whose binaries say their name, and a root to install it into. */
async function release(): Promise<Folder> {
  const folder = await folderWith({
    "cpu/new": "flags : sse avx2\n",
    "cpu/old": "flags : sse avx\n",
  });
  const lines: string[] = [];
  for (const name of NAMES.map((name) => `signway-${name}`)) {
    const text = `#!/bin/sh\necho ${name}\n`;
    await Bun.write(folder.path(`release/${name}`), text);
    lines.push(`${new Bun.CryptoHasher("sha256").update(text).digest("hex")}  ${name}\n`);
  }
  await Bun.write(folder.path("release/SHA256SUMS"), lines.join(""));
  return folder;
}

async function install(folder: Folder, env: Record<string, string> = {}, args = ["release"]) {
  const child = Bun.spawn(["sh", SCRIPT, ...args.map(folder.path)], {
    env: { PATH: process.env["PATH"] ?? "", DESTDIR: folder.path("root"), ...env },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, stdout, stderr };
}

/** Every file and folder below the root. */
const installed = (folder: Folder) =>
  readdir(folder.path("root"), { recursive: true }).catch(() => [] as string[]);

describe("install.sh", () => {
  test("installs, and says the second time that nothing has changed", async () => {
    await using folder = await release();
    const first = await install(folder);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout.match(/installed|created/g)?.length).toBe(4);
    const files = await installed(folder);
    expect(files).toContain("usr/local/bin/signway");
    expect(files).toContain("etc/systemd/system/signway.service");
    expect(files).toContain("etc/signway/credentials");
    const config = folder.path("root/etc/signway/signway.toml");
    await appendFile(config, "# mine\n");
    const second = await install(folder);
    expect(second).toMatchObject({ code: 0, stderr: "" });
    expect(second.stdout).toContain(`kept       ${config}`);
    expect(second.stdout).not.toContain("installed");
    expect(await Bun.file(config).text()).toEndWith("# mine\n");
    expect((await installed(folder)).sort()).toEqual(files.sort());
  });

  const EXTRAS = {
    "signway.1": "share/man/man1/signway.1",
    "signway.bash": "share/bash-completion/completions/signway",
    _signway: "share/zsh/site-functions/_signway",
    "signway.fish": "share/fish/vendor_completions.d/signway.fish",
  };

  test("installs the manual page and the completions of a release, unless one is damaged", async () => {
    await using folder = await release();
    const sums = folder.path("release/SHA256SUMS");
    for (const name of Object.keys(EXTRAS)) {
      await Bun.write(folder.path(`release/${name}`), `# ${name}\n`);
      const hash = new Bun.CryptoHasher("sha256").update(`# ${name}\n`).digest("hex");
      await appendFile(sums, `${hash}  ${name}\n`);
    }
    expect((await install(folder, { PREFIX: "/usr" })).code).toBe(0);
    for (const [name, path] of Object.entries(EXTRAS)) {
      expect(await Bun.file(folder.path(`root/usr/${path}`)).text()).toBe(`# ${name}\n`);
    }
    await Bun.write(folder.path("release/signway.fish"), "changed");
    const damaged = await install(folder, { DESTDIR: folder.path("other") });
    expect(damaged).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("signway.fish is refused"),
    });
    expect(await Bun.file(folder.path("other/usr/local/bin/signway")).exists()).toBe(false);
  });

  test("upgrades, under another prefix, which the unit names", async () => {
    await using folder = await release();
    const env = { PREFIX: "/opt/signway" };
    await install(folder, env);
    await Bun.write(folder.path("root/opt/signway/bin/signway"), "an older one");
    expect((await install(folder, env)).stdout).toContain("installed  ");
    const unit = await Bun.file(folder.path("root/etc/systemd/system/signway.service")).text();
    expect(unit).toContain("ExecStart=/opt/signway/bin/signway serve");
  });

  test.each([
    ["x86_64", "new", "signway-linux-amd64"],
    ["x86_64", "old", "signway-linux-amd64-baseline"],
    ["aarch64", "old", "signway-linux-arm64"],
  ])("on %s with the %s processor takes %s", async (machine, cpu, name) => {
    await using folder = await release();
    await Bun.write(folder.path("bin/uname"), `#!/bin/sh\necho ${machine}\n`);
    await Bun.$`chmod +x ${folder.path("bin/uname")}`;
    const PATH = `${folder.path("bin")}:${process.env["PATH"]}`;
    const { code } = await install(folder, { PATH, SIGNWAY_CPUINFO: folder.path(`cpu/${cpu}`) });
    expect(code).toBe(0);
    expect((await Bun.$`sh ${folder.path("root/usr/local/bin/signway")}`.text()).trim()).toBe(name);
  });

  test("refuses a machine that there is no binary for", async () => {
    await using folder = await release();
    await Bun.write(folder.path("bin/uname"), "#!/bin/sh\necho riscv64\n");
    await Bun.$`chmod +x ${folder.path("bin/uname")}`;
    const result = await install(folder, { PATH: `${folder.path("bin")}:${process.env["PATH"]}` });
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining("riscv64") });
    expect(await installed(folder)).toEqual([]);
  });

  test("downloads, and refuses what was damaged on the way, leaving nothing behind", async () => {
    await using folder = await release();
    let damaged = true;
    using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      async fetch(request) {
        const { pathname } = new URL(request.url);
        const file = Bun.file(folder.path(`release${pathname}`));
        if (!(await file.exists())) return new Response("none", { status: 404 });
        const bytes = await file.bytes();
        if (damaged && pathname !== "/SHA256SUMS") bytes[bytes.length - 2]! ^= 1;
        return new Response(bytes);
      },
    });
    const env = { SIGNWAY_URL: server.url.origin, TMPDIR: folder.path("cpu") };
    const before = await readdir(folder.path("cpu"));
    const refused = await install(folder, env, []);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(/signway-linux-\S+ is refused.*\n.*nothing was installed/);
    expect(await installed(folder)).toEqual([]);
    expect(await readdir(folder.path("cpu"))).toEqual(before);
    damaged = false;
    expect((await install(folder, env, [])).code).toBe(0);
    const missing = await install(folder, { SIGNWAY_URL: `${server.url.origin}/nowhere` }, []);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining("cannot download") });
  });

  test("refuses a binary that the checksums do not name", async () => {
    await using folder = await release();
    await Bun.write(folder.path("release/SHA256SUMS"), "");
    const result = await install(folder);
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining("does not name") });
    expect(await installed(folder)).toEqual([]);
  });
});
