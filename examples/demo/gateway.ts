import { fileURLToPath } from "node:url";
import { readLines } from "./read_lines.ts";

export interface GatewayOptions {
  /** The app id. */
  id: string;
  /** The app's secret. */
  secret: string;
  /** The only URL under which targets are allowed. */
  upstream: string;
  /** The API key that the gateway adds on the way. */
  key: string;
  /** Gets every line that the gateway prints. */
  log?: (line: string) => void;
}

export interface Gateway {
  /** Its URL, once it listens; rejects when it ends before that. */
  listening: Promise<string>;
  exited: Promise<number>;
  /** The last lines it printed. */
  lastLines: () => string;
  stop: () => Promise<void>;
}

const SERVER = fileURLToPath(new URL("../../server.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("signway.toml", import.meta.url));

/** Starts the real gateway as a process of its own, on a free port. */
export function startGateway(options: GatewayOptions): Gateway {
  const child = Bun.spawn([process.execPath, SERVER, "--config", CONFIG, "--no-watch"], {
    env: { ...process.env, ...createVariables(options) },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const last: string[] = [];
  const lastLines = () => last.join("\n");
  const listening = Promise.withResolvers<string>();
  const readOutput = async (stream: ReadableStream<Uint8Array>) => {
    for await (const line of readLines(stream)) {
      options.log?.(line);
      last.push(line);
      if (last.length > 20) last.shift();
      const url = parseListeningUrl(line);
      if (url) listening.resolve(url);
    }
  };
  const ended = Promise.all([readOutput(child.stdout), readOutput(child.stderr), child.exited]);
  void ended.then(() => {
    listening.reject(new Error(`The gateway did not start.\n${lastLines()}`));
  });
  return {
    listening: listening.promise,
    exited: child.exited,
    lastLines,
    stop: async () => {
      child.kill("SIGTERM");
      const killTimer = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(killTimer);
    },
  };
}

// In the environment, because every user of the machine can read a command line.
function createVariables({ id, secret, upstream, key }: GatewayOptions): Record<string, string> {
  return { DEMO_ID: id, DEMO_SECRET: secret, DEMO_UPSTREAM: upstream, DEMO_API_KEY: key };
}

function parseListeningUrl(line: string): string | undefined {
  if (!line.includes('"listening"')) return undefined;
  return (JSON.parse(line) as { url: string }).url;
}
