import type { Subprocess } from "bun";
import type { Operation, ResultOf } from "../../../lib/gateway/ledger/store.ts";
import { jsonLines } from "../json_lines.ts";
import type { StoreCommand } from "./programs/store_process.ts";

const PROGRAM = `${import.meta.dirname}/programs/store_process.ts`;

type Bare<Command> = Command extends unknown ? Omit<Command, "id"> : never;

/** A line of its output. */
interface Line {
  id?: number;
  result?: unknown;
  error?: true;
  ready?: true;
  code?: string;
  failure?: string;
}

/** Another process with a store in a file. */
export class StoreProcess implements AsyncDisposable {
  /** The codes of SQLite with which the file could not be written. */
  readonly failures: string[] = [];
  readonly #child: Subprocess<"pipe", "pipe", "pipe">;
  readonly #waiting = new Map<number, (line: Line) => void>();
  readonly #started = Promise.withResolvers<string | undefined>();
  #lastId = 0;

  private constructor(command: readonly string[]) {
    this.#child = Bun.spawn([...command], { stdin: "pipe", stdout: "pipe", stderr: "pipe" });
    void this.#read();
  }

  /**
   * Starts a process.
   *
   * @param path of the file
   * @param options the boot of the machine, and a command that runs the program in other surroundings
   */
  static async start(
    path: string,
    { boot, inside = [] }: { boot?: string; inside?: readonly string[] } = {},
  ): Promise<StoreProcess> {
    const flags = boot === undefined ? [] : ["--boot", boot];
    const started = new StoreProcess([...inside, process.execPath, PROGRAM, path, ...flags]);
    const code = await started.#started.promise;
    if (code === undefined) return started;
    const text = await new Response(started.#child.stderr).text();
    throw new Error(`${code}: ${text.trim()}, exit ${await started.#child.exited}`);
  }

  /** Executes an operation. It rejects when the store did. */
  async run<Of extends Operation>(operation: Of): Promise<ResultOf<Of>> {
    return (await this.#ask({ kind: "run", operation })) as ResultOf<Of>;
  }

  /** Runs a command where the process runs. */
  async shell(script: string): Promise<string> {
    return (await this.#ask({ kind: "shell", script })) as string;
  }

  /** Ends the process as an operator does. */
  async close(): Promise<void> {
    await this.#ask({ kind: "close" });
    await this.kill();
  }

  /** Ends the process with SIGKILL. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  async #ask(command: Bare<StoreCommand>): Promise<unknown> {
    const id = ++this.#lastId;
    const { promise, resolve } = Promise.withResolvers<Line>();
    this.#waiting.set(id, resolve);
    this.#child.stdin.write(`${JSON.stringify({ ...command, id })}\n`);
    this.#child.stdin.flush();
    const { result, error } = await promise;
    if (error) throw new Error("the store failed");
    return result;
  }

  async #read(): Promise<void> {
    for await (const line of jsonLines(this.#child.stdout)) this.#receive(line as Line);
    this.#started.resolve("ended");
  }

  #receive(line: Line): void {
    if (line.failure !== undefined) this.failures.push(line.failure);
    if (line.ready) this.#started.resolve(undefined);
    if (line.code !== undefined) this.#started.resolve(line.code);
    if (line.id !== undefined) this.#waiting.get(line.id)?.(line);
  }
}
