import type { RedisClient } from "bun";
import { shownAddress, type StoreAddress } from "../../../config/ledger/redis_location.ts";
import type { ServerAccess } from "./server_access.ts";
import { clientOf } from "./server_link.ts";

const ANSWER_MS = 1_000;

/** Connections to servers that are asked where the ledger is, and never to change anything. */
export class Discovery {
  readonly #access: ServerAccess;
  readonly #clients = new Map<string, RedisClient>();

  /** @param access how to connect */
  constructor(access: ServerAccess) {
    this.#access = access;
  }

  /**
   * Asks a server.
   *
   * @param address of the server
   * @param command its name and arguments
   * @returns the answer; `undefined` when none came
   */
  async ask(address: StoreAddress, [name = "", ...args]: string[]): Promise<unknown> {
    const key = shownAddress(address);
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error("timeout")), ANSWER_MS);
    try {
      return await Promise.race([this.#send(address, name, args), late]);
    } catch {
      this.#drop(key);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the connections. */
  close(): void {
    for (const key of this.#clients.keys()) this.#drop(key);
  }

  async #send(address: StoreAddress, name: string, args: string[]): Promise<unknown> {
    const key = shownAddress(address);
    const found = this.#clients.get(key);
    if (found) return found.send(name, args);
    const client = clientOf(address, this.#access);
    this.#clients.set(key, client);
    await client.connect();
    return client.send(name, args);
  }

  #drop(key: string): void {
    this.#clients.get(key)?.close();
    this.#clients.delete(key);
  }
}
