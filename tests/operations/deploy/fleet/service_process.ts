import { mkdir } from "node:fs/promises";
import type { Subprocess } from "bun";
import { connect } from "../../../support/raw_client.ts";
import { waitUntil } from "../../../support/wait_until.ts";

/** A process that listens on a port, and can be started again. */
export interface ServiceProcess {
  name: string;
  /** Sends a signal, without waiting. */
  signal: (name: NodeJS.Signals) => void;
  /** Ends it, and waits. */
  stop: (signal?: NodeJS.Signals) => Promise<void>;
  /** Ends it, and starts it again with the same command. */
  restart: () => Promise<void>;
  /** All that it has written. */
  output: () => string;
}

/** Starts a process, and waits until it listens. */
export async function startService(
  command: readonly string[],
  { name, folder, port }: { name: string; folder: string; port: number },
): Promise<ServiceProcess> {
  let child: Subprocess | undefined;
  let output = "";
  await mkdir(folder, { recursive: true });
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const piece of stream) output += decoder.decode(piece, { stream: true });
  };
  const start = async () => {
    const started = Bun.spawn([...command], {
      cwd: folder,
      env: { PATH: process.env["PATH"] ?? "", HOME: folder, BUN_CONFIG_MAX_HTTP_REQUESTS: "65535" },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    child = started;
    void collect(started.stdout);
    void collect(started.stderr);
    await waitUntil(`${name} to listen`, async () => {
      if (started.exitCode !== null) throw new Error(`${name} ended: ${output}`);
      return connect(port).then(
        (client) => (client.socket.destroy(), true),
        () => false,
      );
    });
  };
  const stop = async (signal: NodeJS.Signals = "SIGTERM") => {
    child?.kill(signal);
    await child?.exited;
  };
  await start();
  return {
    name,
    signal: (signal) => child?.kill(signal),
    stop,
    async restart() {
      await stop();
      await start();
    },
    output: () => output,
  };
}
