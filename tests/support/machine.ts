import { describe, expect, test } from "bun:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderWith } from "./folder.ts";
import { childrenOf } from "./processes.ts";
import { requirement } from "./requirement.ts";
import { waitUntil } from "./wait_until.ts";
import { ROOT } from "./root.ts";
import { type Finished, finished } from "./finished.ts";

const SCRIPT = join(import.meta.dirname, "boot_machine.sh");

/** A machine in namespaces whose process 1 is systemd. */
export interface Machine extends AsyncDisposable {
  /** Runs a command line as root of the machine, in `/root/signway`. */
  run: (script: string, input?: string) => Promise<Finished>;
  /** Runs one that has to succeed; resolves with what it printed. */
  output: (script: string, input?: string) => Promise<string>;
}

// Of Debian's packages util-linux and systemd.
const TOOLS = ["unshare", "nsenter", "pivot_root", "systemctl", "/lib/systemd/systemd"];

// The least of it: the namespaces, a cgroup of its own, and a root in memory.
const PROBE = `mount -t cgroup2 cgroup2 "$1"
rmdir "$(mktemp -d "$1/signway-XXXXXX")"
umount "$1"
mount -t tmpfs tmpfs "$1"
cd "$1"
mkdir old
pivot_root . old`;

/** What keeps this process from booting a machine, in the words of who forbids it; empty if nothing does. */
async function obstacle(): Promise<string> {
  await using folder = await folderWith();
  const namespaces = ["--mount", "--pid", "--cgroup", "--uts", "--ipc", "--fork"];
  const trial = Bun.$`unshare ${namespaces} sh -ec ${PROBE} sh ${folder.path(".")}`;
  const { exitCode, stderr } = await trial.quiet().nothrow();
  return exitCode === 0 ? "" : stderr.toString().trim() || `exit ${exitCode}`;
}

/**
 * Describes what runs on such a machine. Where none may be booted, which no script could mend, a test of
 * its own says so and why.
 *
 * @param name what is described
 * @param tools what the tests call beside systemd
 * @param tests declares them
 */
export async function describeOnMachine(
  name: string,
  tools: readonly string[],
  tests: () => void,
): Promise<void> {
  const able = await requirement(name, async () => {
    const missing = [...TOOLS, ...tools].filter((tool) => !Bun.which(tool));
    if (missing.length > 0) throw new Error(`not installed: ${missing.join(", ")}`);
    return await obstacle();
  });
  const reason = "value" in able ? able.value : "";
  if (reason) {
    test(`${name} is not tried: no systemd can be booted here (${reason})`, async () => {
      expect(await obstacle()).not.toBe("");
    });
  }
  describe.skipIf("reason" in able || reason !== "")(name, tests);
}

/** Boots one, with this checkout and this machine's network; whatever it does ends with it. */
export async function bootSystemd(): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), "signway-machine-"));
  const outside = Bun.spawn(["unshare", "--mount", "sh", SCRIPT, folder, ROOT], {
    stdin: "pipe",
    stdout: "ignore",
    stderr: Bun.file(join(folder, "errors")),
  });
  const end = async () => {
    await outside.stdin.end();
    await outside.exited;
    await rm(folder, { recursive: true });
  };
  try {
    const init = await processOne(outside, join(folder, "errors"));
    const machine = { ...commandsIn(init), [Symbol.asyncDispose]: end };
    await waitUntil("systemd to be up", async () => {
      const { stdout } = await machine.run("systemctl is-system-running");
      return stdout.trim() === "running";
    });
    return machine;
  } catch (error) {
    await end();
    throw error;
  }
}

/** Its process id outside, once it is systemd: before that its root is still this machine's. */
async function processOne(outside: Bun.Subprocess, errors: string): Promise<number> {
  let init = 0;
  await waitUntil("systemd to start", async () => {
    if (outside.exitCode !== null) throw new Error(await readFile(errors, "utf8"));
    init = (await grandchildOf(outside.pid)) ?? 0;
    const name = await readFile(`/proc/${init}/comm`, "utf8").catch(() => "");
    return name === "systemd\n";
  });
  return init;
}

// What the script starts on the way may end at any moment.
async function grandchildOf(pid: number): Promise<number | undefined> {
  const [child] = await childrenOf(pid).catch(() => []);
  if (child === undefined) return undefined;
  const [grandchild] = await childrenOf(child).catch(() => []);
  return grandchild;
}

function commandsIn(init: number): Pick<Machine, "run" | "output"> {
  const inside = ["nsenter", "--target", String(init), "--all"];
  const run = async (script: string, input = ""): Promise<Finished> => {
    const child = Bun.spawn([...inside, "sh", "-c", `cd /root/signway || exit 1\n${script}`], {
      env: { PATH: "/usr/local/bin:/usr/bin:/usr/sbin", SYSTEMD_PAGER: "" },
      stdin: Buffer.from(input),
      stdout: "pipe",
      stderr: "pipe",
    });
    return await finished(child);
  };
  const output = async (script: string, input?: string): Promise<string> => {
    const { code, stdout, stderr } = await run(script, input);
    if (code !== 0) throw new Error(`${script}: exit ${code}: ${stdout}${stderr}`);
    return stdout.trim();
  };
  return { run, output };
}
