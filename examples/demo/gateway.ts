import { fileURLToPath } from "node:url";
import { lines } from "./lines.ts";

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
  /** Its URL, once it listens; rejects when it ends before. */
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
    env: { ...process.env, ...variables(options) },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const tail: string[] = [];
  const listening = Promise.withResolvers<string>();
  const read = async (stream: ReadableStream<Uint8Array>) => {
    for await (const line of lines(stream)) {
      options.log?.(line);
      tail.push(line);
      if (tail.length > 20) tail.shift();
      const url = listeningUrl(line);
      if (url) listening.resolve(url);
    }
  };
  const ended = Promise.all([read(child.stdout), read(child.stderr), child.exited]);
  void ended.then(() =>
    listening.reject(new Error(`The gateway did not start.\n${tail.join("\n")}`)),
  );
  return {
    listening: listening.promise,
    exited: child.exited,
    lastLines: () => tail.join("\n"),
    stop: async () => {
      child.kill("SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(patience);
    },
  };
}

// In the environment, because every user of the machine can read a command line.
function variables({ id, secret, upstream, key }: GatewayOptions): Record<string, string> {
  return { DEMO_ID: id, DEMO_SECRET: secret, DEMO_UPSTREAM: upstream, DEMO_API_KEY: key };
}

function listeningUrl(line: string): string | undefined {
  if (!line.includes('"listening"')) return undefined;
  return (JSON.parse(line) as { url: string }).url;
}
