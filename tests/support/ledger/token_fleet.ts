import type { Subprocess } from "bun";
import { jsonLines } from "../json_lines.ts";
import { waitUntil } from "../wait_until.ts";

const PROGRAM = `${import.meta.dirname}/programs/token_fleet.ts`;

/** A token that is good for one use. */
export interface OneTimeToken {
  id: string;
  issuedAt: number;
}

interface Line {
  url?: string;
  code?: string;
  failure?: string;
}

/** A supervisor with a ledger in a file, and two workers that spend tokens. */
export class TokenFleet implements AsyncDisposable {
  /** The codes of SQLite with which the file could not be written. */
  readonly failures: string[] = [];
  readonly #child: Subprocess<"ignore", "pipe", "inherit">;
  readonly #urls: string[] = [];
  #code: string | undefined;
  #requests = 0;

  private constructor(command: readonly string[]) {
    this.#child = Bun.spawn([...command], { stdin: "ignore", stdout: "pipe", stderr: "inherit" });
    void this.#read();
  }

  /**
   * Starts a supervisor, and waits for its workers.
   *
   * @param path of the file
   * @param options the boot of the machine, and a command that runs the program in other surroundings
   * @throws Error with the code of the mistake when it does not start
   */
  static async start(
    path: string,
    { boot, inside = [] }: { boot?: string; inside?: readonly string[] } = {},
  ): Promise<TokenFleet> {
    const flags = boot === undefined ? [] : ["--boot", boot];
    const fleet = new TokenFleet([...inside, process.execPath, PROGRAM, path, ...flags]);
    try {
      await waitUntil(
        "two workers",
        async () => fleet.#urls.length === 2 || fleet.#hasEnded,
        30_000,
      );
    } catch (error) {
      await fleet.kill();
      throw error;
    }
    if (fleet.#hasEnded) throw new Error(`${fleet.#code}, exit ${await fleet.#child.exited}`);
    return fleet;
  }

  /** Tries to spend a token. Returns `spent`, the code of the refusal, or `no answer`. */
  async spend({ id, issuedAt }: OneTimeToken): Promise<string> {
    const url = this.#urls[this.#requests++ % this.#urls.length]!;
    try {
      return await (await fetch(`${url}${id}?iat=${issuedAt}`, { keepalive: false })).text();
    } catch {
      return "no answer";
    }
  }

  /** Ends the supervisor with SIGKILL; its workers end with it. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #read(): Promise<void> {
    for await (const line of jsonLines(this.#child.stdout)) this.#receive(line as Line);
  }

  #receive({ url, code, failure }: Line): void {
    if (url !== undefined) this.#urls.push(url);
    if (failure !== undefined) this.failures.push(failure);
    this.#code = code ?? this.#code;
  }
}
