import { findLeaks } from "./leaks.ts";
import { waitFor } from "./wait_for.ts";
import { testProgram } from "./test_program.ts";

const PROGRAM = [await testProgram()];

// With the limit that it would set itself, the program need not start a second time.
const STARTED_ONCE = { BUN_CONFIG_MAX_HTTP_REQUESTS: "65535" };

/** The credential that tests sign with unless they say another. */
export const CREDENTIAL = { id: "test-app", secret: "a secret for tests, of 32 bytes." };

/** What a gateway is started with. */
export interface GatewayOptions {
  /** Default: none. `--host` and `--port` are always given. */
  args?: string[];
  /**
   * Beside PATH and HOME; nothing else of the test's own environment is passed on. Default: none.
   */
  env?: Record<string, string>;
  /** Default: that of {@link CREDENTIAL}. */
  id?: string;
  /** Default: that of {@link CREDENTIAL}. */
  secret?: string;
  /** What is run, and as users run it. Default: the executable for tests. */
  command?: string[];
}

/** One line that the gateway wrote to stdout. */
export type LogLine = Record<string, unknown> & { level: string; time: string; msg: string };

/** A gateway as a process of its own. */
export interface Gateway extends AsyncDisposable {
  url: string;
  port: number;
  pid: number;
  /** All of stdout so far. */
  stdout: () => string;
  /** All of stderr so far. */
  stderr: () => string;
  /** The lines of stdout; throws at one that is not JSON. */
  lines: () => LogLine[];
  /** The lines that tell of one request each. */
  records: () => LogLine[];
  /** The first record that fits. */
  waitForRecord: (predicate: (record: LogLine) => boolean) => Promise<LogLine>;
  /** Sends a signal without waiting. */
  kill: (signal: NodeJS.Signals) => void;
  /** The exit code, once the process has ended. */
  exited: Promise<number>;
  /**
   * Sends a signal (default: SIGTERM) and resolves with the exit code. Throws when the gateway has
   * written any secret that it was told, a signature or a query.
   */
  stop: (signal?: NodeJS.Signals) => Promise<number>;
}

/**
 * Starts a gateway on a free port and waits until it listens. Its credential stands in the
 * environment.
 */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const { id = CREDENTIAL.id, secret = CREDENTIAL.secret, args = [], env = {} } = options;
  const { command = PROGRAM } = options;
  const child = Bun.spawn([...command, ...args, "--host", "127.0.0.1", "--port", "0"], {
    env: { ...inherited(options), SW_ID: id, SW_SECRET: secret, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const { text: stdout, end: stdoutEnd } = collect(child.stdout);
  const { text: stderr, end: stderrEnd } = collect(child.stderr);

  const lines = (): LogLine[] =>
    stdout()
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine);
  const records = (): LogLine[] => lines().filter((line) => line.msg === "request");
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<number> => {
    child.kill(signal);
    const code = await child.exited;
    // What a process has started may outlive it, and hold its output open.
    await Promise.race([Promise.all([stdoutEnd, stderrEnd]), Bun.sleep(500)]);
    const leaks = findLeaks(stdout() + stderr(), {
      secrets: [secret, CREDENTIAL.secret],
      args,
      env,
    });
    if (leaks.length > 0) throw new Error(`the gateway has written ${leaks.join(", ")}`);
    return code;
  };
  const started = (): LogLine | undefined => {
    if (child.exitCode !== null) throw new Error(`the gateway ended: ${stdout()}${stderr()}`);
    return lines().find((line) => line.msg === "listening");
  };
  try {
    const { url, port } = await waitFor("the gateway to listen", started);
    return {
      url: String(url),
      port: Number(port),
      pid: child.pid,
      stdout,
      stderr,
      lines,
      records,
      waitForRecord: (predicate) => waitFor("a record", () => records().find(predicate)),
      kill: (signal) => child.kill(signal),
      exited: child.exited,
      stop,
      [Symbol.asyncDispose]: async () => void (await stop("SIGKILL")),
    };
  } catch (error) {
    await stop("SIGKILL");
    throw error;
  }
}

function inherited({ command }: GatewayOptions): Record<string, string> {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, ...(!command && STARTED_ONCE) };
}

function collect(stream: ReadableStream<Uint8Array>): { text: () => string; end: Promise<void> } {
  const decoder = new TextDecoder();
  let text = "";
  const end = (async () => {
    for await (const chunk of stream) text += decoder.decode(chunk, { stream: true });
  })();
  return { text: () => text, end };
}
