import { createServer, connect, type AddressInfo } from "node:net";
import { once } from "node:events";

/** A started server. It is stopped when it goes out of an `await using` scope. */
export interface RunningServer extends AsyncDisposable {
  port: number;
  /** The process at the top of its tree; undefined when there is none of its own. */
  pid: number | undefined;
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
 * @throws Error when it ends or stays silent for ten seconds
 */
export async function startServer(command: string[], port: number): Promise<RunningServer> {
  // Standard output holds the request log; nobody's reading of it may be part of what is measured.
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "inherit" });
  const deadline = Date.now() + 10_000;
  while (!(await accepts(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`${command.join(" ")} does not listen on port ${port}`);
    }
    await Bun.sleep(20);
  }
  return {
    port,
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.exited;
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
