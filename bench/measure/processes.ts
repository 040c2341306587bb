import { readFileSync } from "node:fs";
import { createServer, connect, type AddressInfo } from "node:net";
import { once } from "node:events";

/** A started server. It is stopped when it goes out of an `await using` scope. */
export interface RunningServer extends AsyncDisposable {
  port: number;
  /** The process at the top of its tree; undefined when there is none of its own. */
  pid: number | undefined;
  /** Milliseconds from the start of the process until it accepted a connection. */
  startMs?: number;
}

/** How a server is started. */
export interface StartOptions {
  /** Where standard output goes. Default: nowhere. */
  log?: string | undefined;
  /** Default: that of this process. */
  env?: Record<string, string | undefined>;
}

/** The processes that one has started and that still run. */
export function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1");
  return text.match(/\d+/g)?.map(Number) ?? [];
}

/** A port of 127.0.0.1 that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Starts a server and waits until it accepts connections.
 *
 * @param command the program and its arguments
 * @param port where the program was told to listen
 * @throws Error when it ends or stays silent for twenty seconds
 */
export async function startServer(
  command: string[],
  port: number,
  { log, env = process.env }: StartOptions = {},
): Promise<RunningServer> {
  const start = performance.now();
  const child = Bun.spawn(command, {
    stdin: "ignore",
    stdout: log === undefined ? "ignore" : Bun.file(log),
    stderr: "inherit",
    env,
  });
  const deadline = Date.now() + 20_000;
  while (!(await accepts(port))) {
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
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), 2_000);
      await child.exited;
      clearTimeout(patience);
    },
  };
}

async function accepts(port: number): Promise<boolean> {
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
