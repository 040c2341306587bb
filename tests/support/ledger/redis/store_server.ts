import { RedisClient, type Subprocess } from "bun";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../free_port.ts";
import { waitUntil } from "../../wait_until.ts";
import type { StoreProgram } from "./store_programs.ts";

/** How a server is started. */
export interface StoreServerOptions {
  program: StoreProgram;
  /** Further settings, such as `--maxmemory-policy allkeys-lru`. */
  settings?: readonly string[];
  /** Default: a free one. */
  port?: number;
  /** A file that Sentinel writes to. Absent: the server is no Sentinel. */
  sentinel?: string;
}

/** A server process on a free port with a folder of its own. */
export class StoreServer implements AsyncDisposable {
  readonly port: number;
  /** Where other nodes of a cluster reach it. By default it would be 10,000 above `port`, which a connection may have. */
  readonly clusterPort: number;
  readonly #options: StoreServerOptions;
  readonly #folder: string;
  #child: Subprocess | undefined;

  private constructor(
    options: StoreServerOptions,
    [port, clusterPort]: readonly [number, number],
    folder: string,
  ) {
    this.#options = options;
    this.port = port;
    this.clusterPort = clusterPort;
    this.#folder = folder;
  }

  static async start(options: StoreServerOptions): Promise<StoreServer> {
    const ports = [options.port ?? (await freePort()), await freePort()] as const;
    const folder = await mkdtemp(join(tmpdir(), "signway-store-"));
    const server = new StoreServer(options, ports, folder);
    await server.restart();
    return server;
  }

  /** With the password that `settings` require. */
  get url(): string {
    const { settings = [] } = this.#options;
    const index = settings.indexOf("--requirepass");
    const identity = index < 0 ? "" : `:${encodeURIComponent(settings[index + 1]!)}@`;
    return `redis://${identity}127.0.0.1:${this.port}`;
  }

  /** Starts the process, or another one in its place. Nothing is kept but what `settings` keep. */
  async restart(): Promise<void> {
    const { program, settings = [], sentinel } = this.#options;
    await this.kill();
    const flags = [
      "--port",
      String(this.port),
      "--cluster-port",
      String(this.clusterPort),
      "--bind",
      "127.0.0.1",
      "--dir",
      this.#folder,
      "--repl-diskless-sync-delay",
      "0",
    ];
    const file = join(this.#folder, "sentinel.conf");
    if (sentinel !== undefined)
      await Bun.write(file, `port ${this.port}\nbind 127.0.0.1\n${sentinel}\n`);
    const command =
      sentinel === undefined
        ? [...program.command, ...flags, "--save", "", "--appendonly", "no", ...settings]
        : [...program.command, file, "--sentinel"];
    this.#child = Bun.spawn(command, { stdout: "ignore", stderr: "ignore", stdin: "ignore" });
    await waitUntil(`a store on port ${this.port}`, () => this.answers(), 30_000);
  }

  /** Whether it answers. */
  async answers(): Promise<boolean> {
    return (await this.ask("PING").catch(() => undefined)) === "PONG";
  }

  /** Sends a command on a connection of its own. */
  async ask(command: string, ...args: string[]): Promise<any> {
    const options = { autoReconnect: false, maxRetries: 0, connectionTimeout: 2_000 };
    const client = new RedisClient(this.url, options);
    try {
      await client.connect();
      return await client.send(command, args);
    } finally {
      client.close();
    }
  }

  /** Sends a signal, such as `SIGSTOP`. */
  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.exited;
    this.#child = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true });
  }
}
