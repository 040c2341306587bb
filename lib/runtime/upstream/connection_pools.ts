import { isAddress } from "../../gateway/admission/public_address.ts";
import type { UpstreamTls } from "./located_target.ts";

/** A pool of connections of the runtime, as far as this process uses it. */
interface Pool {
  /** The host of its connections; absent for the pool that all hosts share. */
  host?: string;
  /** The number that distinguishes the pool from the others of its host. */
  number: number;
  /** The number of requests that wait for the head of a response. */
  waiting: number;
}

/** A request in a pool. */
export interface PooledRequest {
  /** The TLS settings that select the pool. */
  tls: UpstreamTls;
  /** Must be called when the head of the response is there, or the request has failed. */
  leave: () => void;
}

// The runtime keeps at most 64 idle connections in a pool, which a test pins. Some are on their way back to it.
const NEARLY_FULL = 60;
// A pool takes 20 kB, and its idle connections 64 descriptors at most.
const SPARE_POOLS = 15;

/**
 * Spreads https requests over several pools of the runtime. A connection that returns to a full pool is closed, and with more
 * than 64 requests at once to HTTP/1.1 upstreams most requests would begin with a TLS handshake. The runtime has a pool for
 * each value of `tls` with a server name or certificates. Every pool checks certificates in the same way.
 */
export class ConnectionPools {
  readonly #shared: Pool = { number: 0, waiting: 0 };
  readonly #spare: Pool[] = [];

  /**
   * Chooses the pool for a request: the shared one, or a spare one when that is nearly full.
   *
   * @param url the URL of the upstream
   * @param tls the settings of TLS; absent for a plain connection
   * @returns the settings to use, and what to call at the end; `undefined` when there is nothing to choose: all plain
   *   connections have one pool, and a name that was looked up has its own
   */
  enter(url: URL, tls: UpstreamTls | undefined): PooledRequest | undefined {
    if (tls === undefined || tls.servername !== undefined) return undefined;
    const pool = this.#choose(url.hostname, tls);
    pool.waiting += 1;
    return { tls: settingsOf(pool, tls), leave: () => void (pool.waiting -= 1) };
  }

  #choose(host: string, tls: UpstreamTls): Pool {
    if (this.#shared.waiting < NEARLY_FULL) return this.#shared;
    // Without a name or certificates the runtime would take the shared pool for any value.
    if (tls.ca === undefined && !isServerName(host)) return this.#shared;
    const own = this.#spare.find((pool) => pool.host === host && pool.waiting < NEARLY_FULL);
    return own ?? this.#open(host) ?? this.#shared;
  }

  /** Returns a new pool, or one that nobody uses at the moment; `undefined` if there is none. */
  #open(host: string): Pool | undefined {
    if (this.#spare.length < SPARE_POOLS) {
      const pool: Pool = { host, number: this.#spare.length + 1, waiting: 0 };
      this.#spare.push(pool);
      return pool;
    }
    const unused = this.#spare.find(({ waiting }) => waiting === 0);
    if (unused) unused.host = host;
    return unused;
  }
}

function settingsOf({ host, number }: Pool, tls: UpstreamTls): UpstreamTls {
  if (host === undefined) return tls;
  return {
    ...tls,
    // The name that the runtime would use anyway.
    ...(isServerName(host) && { servername: host }),
    // Has no effect without a private key, and makes the value another one.
    passphrase: `pool ${number}`,
  };
}

// RFC 6066, section 3: a server name is no address and does not end in a dot.
function isServerName(host: string): boolean {
  return !isAddress(host) && !host.endsWith(".");
}
