import { expect, test } from "bun:test";
import { cp, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../support/root.ts";

const SOURCES = [
  "build",
  "bun.lock",
  "bunfig.toml",
  "examples",
  "lib",
  "package.json",
  "server.ts",
];
const MODULES = ["node_modules", "examples/demo/node_modules"];

test("a fresh checkout installs less than 40 MB for the demo, and shows its page", async () => {
  const folder = await mkdtemp(join(tmpdir(), "signway-demo-"));
  for (const name of SOURCES) {
    const filter = (path: string) => !path.endsWith("node_modules");
    await cp(join(ROOT, name), join(folder, name), { recursive: true, filter });
  }
  const { OPENAI_API_KEY: _, ...env } = process.env;
  // A group of its own: the script runs in a shell, which passes no signal on.
  const child = Bun.spawn([process.execPath, "run", "--silent", "demo"], {
    cwd: folder,
    env: { ...env, BUN_INSTALL_CACHE_DIR: join(folder, "cache") },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
    detached: true,
  });
  try {
    const page = await pageIn(child.stdout);
    const html = await (await fetch(page)).text();
    const script = /<script[^>]* src="([^"]+)"/.exec(html)?.[1] ?? "";
    expect(await (await fetch(new URL(script, page))).text()).toContain("dangerouslyAllowBrowser");
    const sizes = await Promise.all(MODULES.map((name) => bytesOf(join(folder, name))));
    expect(sizes.every((size) => size > 1e6)).toBe(true);
    expect(sizes[0]! + sizes[1]!).toBeLessThan(40e6);
  } finally {
    process.kill(-child.pid, "SIGTERM");
    await child.exited;
    await rm(folder, { recursive: true });
  }
}, 120_000);

/** The page's address, once the demo has printed it. */
async function pageIn(stdout: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let printed = "";
  for await (const bytes of stdout) {
    printed += decoder.decode(bytes, { stream: true });
    const page = /Page +(\S+)\n/.exec(printed)?.[1];
    if (page) return page;
  }
  throw new Error(`the demo did not start: ${printed}`);
}

/** The bytes of all files in a folder. */
async function bytesOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const files = await Promise.all(names.map((name) => stat(join(folder, name))));
  return files.filter((file) => file.isFile()).reduce((sum, { size }) => sum + size, 0);
}
