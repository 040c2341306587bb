import { fileURLToPath } from "node:url";
import { readLines } from "../../../examples/demo/read_lines.ts";

export interface StartedDemo {
  pid: number;
  /** The page's address. */
  page: string;
  /** The command for a shell. */
  curl: string;
  /** All that was printed to stdout so far. */
  printed: () => string;
  /** All that was printed to stderr; settles when the demo has ended. */
  complaints: Promise<string>;
  exited: Promise<number>;
  /** Asks it to end, as a service manager would. */
  stop: () => Promise<number>;
}

const MAIN = fileURLToPath(new URL("../../../examples/demo/main.ts", import.meta.url));

/** Starts the demo as a process of its own and waits until it has printed its command. */
export async function startDemo(env: Record<string, string> = {}): Promise<StartedDemo> {
  const { OPENAI_API_KEY: _, ...inherited } = process.env;
  const child = Bun.spawn([process.execPath, MAIN], {
    env: { ...inherited, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const complaints = new Response(child.stderr).text();
  const printed: string[] = [];
  const curl = Promise.withResolvers<string>();
  void (async () => {
    for await (const line of readLines(child.stdout)) {
      printed.push(line);
      if (line.startsWith("curl ")) curl.resolve(line);
    }
    curl.reject(new Error(`the demo ended: ${await complaints}`));
  })();
  return {
    pid: child.pid,
    curl: await curl.promise,
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
