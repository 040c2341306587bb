import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { once } from "node:events";

/** A server that runs. It is stopped when it goes out of an `await using` scope. */
export interface RunningServer extends AsyncDisposable {
  port: number;
  /** The id of the process, whose descendants belong to the server; undefined without such a process. */
  pid: number | undefined;
  /** Milliseconds from the start of the process until it accepted a connection. */
  startMs?: number;
}

/** Options of `startServer`. */
export interface StartOptions {
  /** The file that standard output goes to. Default: none. */
  log?: string | undefined;
  /** How long it may take until it accepts connections. Default: twenty seconds. */
  limitMs?: number;
  /** Default: the environment of this process. */
  env?: Record<string, string | undefined>;
}

/** The ids of the child processes that still run. */
export function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1");
  return text.match(/\d+/g)?.map(Number) ?? [];
}

/**
 * Starts a server and waits until it accepts connections.
 *
 * @param command the program and its arguments
 * @param port the port that the program was told to listen on
 * @throws Error when it ends, or accepts no connection in time
 */
export async function startServer(
  command: string[],
  port: number,
  { log, env = process.env, limitMs = 20_000 }: StartOptions = {},
): Promise<RunningServer> {
  const start = performance.now();
  const child = Bun.spawn(command, {
    stdin: "ignore",
    stdout: log === undefined ? "ignore" : Bun.file(log),
    stderr: "inherit",
    env,
  });
  const deadline = Date.now() + limitMs;
  while (!(await acceptsConnection(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`${command[0]} ${command[1]} does not listen on port ${port}`);
    }
    await Bun.sleep(1);
  }
  return {
    port,
    pid: child.pid,
    startMs: performance.now() - start,
    [Symbol.asyncDispose]: () => stop(child),
  };
}

async function stop(child: Bun.Subprocess): Promise<void> {
  child.kill("SIGTERM");
  const killTimer = setTimeout(() => child.kill("SIGKILL"), 2_000);
  await child.exited;
  clearTimeout(killTimer);
}

async function acceptsConnection(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
