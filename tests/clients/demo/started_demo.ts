import { fileURLToPath } from "node:url";
import { readLines } from "../../../examples/demo/read_lines.ts";

export interface StartedDemo {
  pid: number;
  /** The page's address. */
  page: string;
  /** The commands for a shell: with a signed URL, and with a token. */
  commands: Record<"url" | "token", string>;
  /** All that was printed to stdout so far. */
  printed: () => string;
  /** All that was printed to stderr; settles when the demo has ended. */
  complaints: Promise<string>;
  exited: Promise<number>;
  /** Asks it to end, as a service manager would. */
  stop: () => Promise<number>;
}

const MAIN = fileURLToPath(new URL("../../../examples/demo/main.ts", import.meta.url));

/** How the demo is started. */
export interface DemoOptions {
  env?: Record<string, string>;
  /** Options of its command line. */
  args?: string[];
}

/** Starts the demo as a process of its own and waits until it has printed its commands. */
export async function startDemo({ env, args = [] }: DemoOptions = {}): Promise<StartedDemo> {
  const { OPENAI_API_KEY: _, ...inherited } = process.env;
  const child = Bun.spawn([process.execPath, MAIN, ...args], {
    env: { ...inherited, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const complaints = new Response(child.stderr).text();
  const printed: string[] = [];
  const started = Promise.withResolvers<void>();
  void (async () => {
    for await (const line of readLines(child.stdout)) {
      printed.push(line);
      if (line.includes("Ctrl-C")) started.resolve();
    }
    started.reject(new Error(`the demo ended: ${await complaints}`));
  })();
  await started.promise;
  const [url = "", token = ""] = printed.filter((line) => line.startsWith("curl "));
  return {
    pid: child.pid,
    commands: { url, token },
    page: /Page +(\S+)/.exec(printed.join("\n"))?.[1] ?? "",
    printed: () => printed.join("\n"),
    complaints,
    exited: child.exited,
    stop: () => {
      child.kill("SIGTERM");
      return child.exited;
    },
  };
}
