import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Finished, folderWith } from "../cli/run_signway.ts";
import { childrenOf } from "../support/processes.ts";
import { waitUntil } from "../support/wait_until.ts";

const CHECKOUT = dirname(dirname(import.meta.dirname));
const SCRIPT = join(import.meta.dirname, "boot_systemd.sh");

/** A machine in namespaces whose process 1 is systemd. */
export interface Machine extends AsyncDisposable {
  /** Runs a command line as root of the machine, in `/root/signway`. */
  run: (script: string, input?: string) => Promise<Finished>;
  /** Runs one that has to succeed; resolves with what it printed. */
  output: (script: string, input?: string) => Promise<string>;
}

/** What it takes, of Debian's packages util-linux and systemd. */
export const TOOLS = ["unshare", "nsenter", "pivot_root", "systemctl", "/lib/systemd/systemd"];

// The least of it: the namespaces, a cgroup of its own, and a root in memory.
const PROBE = `mount -t cgroup2 cgroup2 "$1"
rmdir "$(mktemp -d "$1/signway-XXXXXX")"
umount "$1"
mount -t tmpfs tmpfs "$1"
cd "$1"
mkdir old
pivot_root . old`;

/** Why the kernel, or whoever started this process, does not let it boot a machine; empty if nothing is in the way. */
export async function obstacle(): Promise<string> {
  await using folder = await folderWith();
  const namespaces = ["--mount", "--pid", "--cgroup", "--uts", "--ipc", "--fork"];
  const trial = Bun.$`unshare ${namespaces} sh -ec ${PROBE} sh ${folder.path(".")}`;
  const { exitCode, stderr } = await trial.quiet().nothrow();
  return exitCode === 0 ? "" : stderr.toString().trim() || `exit ${exitCode}`;
}

/** Boots systemd with the checkout's `deploy/` and `dist/`; everything ends with the machine. */
export async function bootSystemd(): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), "signway-machine-"));
  const outside = Bun.spawn(["unshare", "--mount", "sh", SCRIPT, folder, CHECKOUT], {
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
  let init: number | undefined;
  await waitUntil("systemd to start", async () => {
    if (outside.exitCode !== null) throw new Error(await readFile(errors, "utf8"));
    const [unshare] = await childrenOf(outside.pid);
    [init] = unshare === undefined ? [] : await childrenOf(unshare);
    return init !== undefined && (await readFile(`/proc/${init}/comm`, "utf8")) === "systemd\n";
  });
  return init!;
}

function commandsIn(init: number): Pick<Machine, "run" | "output"> {
  const inside = ["nsenter", "--target", String(init), "--all"];
  const run = async (script: string, input = ""): Promise<Finished> => {
    const child = Bun.spawn([...inside, "sh", "-c", `cd /root/signway; ${script}`], {
      env: { PATH: "/usr/local/bin:/usr/bin:/usr/sbin", SYSTEMD_PAGER: "" },
      stdin: Buffer.from(input),
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout, stderr, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    return { code, stdout, stderr };
  };
  const output = async (script: string, input?: string): Promise<string> => {
    const { code, stdout, stderr } = await run(script, input);
    if (code !== 0) throw new Error(`${script}: exit ${code}: ${stdout}${stderr}`);
    return stdout.trim();
  };
  return { run, output };
}
