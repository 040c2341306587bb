import { RedisClient } from "bun";
import type { StoreAddress } from "../../../config/ledger/redis_location.ts";
import { NotExecutedError } from "../../../gateway/ledger/store.ts";
import type { Link } from "./nodes.ts";
import { refusesCredentials } from "./refuses_credentials.ts";
import { serverErrorCode } from "./server_errors.ts";
import { readServerInfo, type ServerFault } from "./server_info.ts";
import { COMMAND_MS, type ServerAccess, VERIFIED } from "./server_access.ts";
import { StoreFaultError } from "./store_fault_error.ts";

const CHECK_MS = 200;
const RECHECK_MS = 2_000;

/**
 * A connection to one server process, which is opened once. It ends when the server closes it or does not answer
 * in time.
 */
export class ServerLink implements Link {
  runId = "";
  /** Why it was ended, when the server has changed so that it does not fit any more. */
  fault: ServerFault | undefined;
  readonly #client: RedisClient;
  readonly #access: ServerAccess;
  readonly #onEnd: (link: ServerLink) => void;
  /** When the commands that have no answer yet were sent, the oldest first. */
  readonly #sent = new Set<{ at: number; fail: (error: Error) => void }>();
  #watch: Timer | undefined;
  #recheck: Timer | undefined;
  #hasEnded = false;

  private constructor(
    client: RedisClient,
    access: ServerAccess,
    onEnd: (link: ServerLink) => void,
  ) {
    this.#client = client;
    this.#access = access;
    this.#onEnd = onEnd;
    client.onclose = () => this.end();
  }

  /**
   * Connects with a server, and asks whether it fits.
   *
   * @param address of the server
   * @param access how to connect
   * @param onEnd called once when the connection has ended
   * @throws StoreFaultError when it cannot be reached or does not fit
   */
  static async open(
    address: StoreAddress,
    access: ServerAccess,
    onEnd: (link: ServerLink) => void,
  ): Promise<ServerLink> {
    const link = new ServerLink(clientOf(address, access), access, onEnd);
    try {
      await link.#connect(address);
      return link;
    } catch (error) {
      link.end();
      throw error;
    }
  }

  /** Whether nothing can be sent any more. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  send(command: string, args: string[]): Promise<unknown> {
    if (this.#hasEnded) return Promise.reject(new NotExecutedError("the connection has ended"));
    return new Promise((resolve, reject) => {
      const sent = { at: performance.now(), fail: reject };
      this.#sent.add(sent);
      this.#watch ??= setInterval(() => this.#check(), CHECK_MS);
      this.#client.send(command, args).then(
        (reply: unknown) => {
          this.#sent.delete(sent);
          resolve(reply);
        },
        (error: unknown) => {
          this.#sent.delete(sent);
          reject(error);
        },
      );
    });
  }

  /**
   * Ends the connection. What has no answer yet fails.
   *
   * @param reason how it fails
   */
  end(reason = "closed: the connection has ended"): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearInterval(this.#watch);
    clearTimeout(this.#recheck);
    for (const { fail } of this.#sent) fail(new Error(reason));
    this.#sent.clear();
    this.#client.close();
    this.#onEnd(this);
  }

  async #connect(address: StoreAddress): Promise<void> {
    const start = performance.now();
    try {
      await inTime(this.#client.connect());
    } catch (error) {
      // A server that hangs would be waited for twice.
      const isQuick = performance.now() - start < COMMAND_MS / 2;
      const isRefused = isQuick && (await refusesCredentials(address, this.#access));
      throw new StoreFaultError(address, isRefused ? "credentials" : "unreachable", error);
    }
    // Versions before 7 do not know more than one section, and should be named.
    const text = await this.send("INFO", []).catch((error: Error) => {
      const isForbidden = serverErrorCode(error.message) === "NOPERM";
      throw new StoreFaultError(address, isForbidden ? "permissions" : "unreachable", error);
    });
    const { runId, fault } = readServerInfo(String(text), this.#access.kind === "cluster");
    if (fault) throw new StoreFaultError(address, fault);
    this.runId = runId;
    this.#checkLater();
  }

  /** The server may change while it runs. An answer that is late does not end the connection. */
  #checkLater(): void {
    if (this.#hasEnded) return;
    const checkAgain = () => void this.#checkAgain().finally(() => this.#checkLater());
    this.#recheck = setTimeout(checkAgain, RECHECK_MS);
  }

  async #checkAgain(): Promise<void> {
    const text = await this.#client.send("INFO", []).catch(() => undefined);
    if (text === undefined) return;
    const { runId, fault } = readServerInfo(String(text), this.#access.kind === "cluster");
    this.fault = fault;
    if (fault || runId !== this.runId) this.end();
  }

  #check(): void {
    const [oldest] = this.#sent;
    if (!oldest) {
      clearInterval(this.#watch);
      this.#watch = undefined;
    } else if (performance.now() - oldest.at > COMMAND_MS) this.end("timeout: no answer");
  }
}

/** Waits for a promise, for as long as a server may take. */
function inTime(promise: Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error("timeout")), COMMAND_MS);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * Creates a client that connects once, and sends nothing twice.
 *
 * @param address of the server
 * @param access how to connect
 */
export function clientOf({ host, port }: StoreAddress, access: ServerAccess): RedisClient {
  const { isTls, user = "", password, database } = access;
  const name = host.includes(":") ? `[${host}]` : host;
  const identity =
    password === undefined ? "" : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  return new RedisClient(`redis${isTls ? "s" : ""}://${identity}${name}:${port}/${database}`, {
    autoReconnect: false,
    maxRetries: 0,
    enableOfflineQueue: false,
    enableAutoPipelining: false,
    connectionTimeout: COMMAND_MS,
    idleTimeout: 0,
    ...(isTls && { tls: VERIFIED }),
  });
}
