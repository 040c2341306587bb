import type { Settings } from "../../config/settings.ts";

/** A server with the certificate that it shows. */
export interface Listener {
  server: Pick<Bun.Server<unknown>, "stop">;
  /** The certificate with its key. Absent: the server speaks plain HTTP. */
  tls: Settings["tls"];
}

/** The listener of a process, and those that it has replaced. */
export interface Listeners {
  /** The certificate that new connections are shown. Absent: they are plain HTTP. */
  readonly tls: Settings["tls"];
  /**
   * Puts a listener in the place of the one that takes new connections. The old one takes no more, and is kept until
   * all that is open on it has ended.
   *
   * @param next takes new connections from now on
   */
  replace: (next: Listener) => void;
  /** Refuses new connections, and waits until all that is open on any of the listeners has ended. */
  drain: () => Promise<void>;
  /** Refuses new connections, and cuts all that is open on any of the listeners. */
  cut: () => Promise<void>;
}

/**
 * Keeps the listeners of a process.
 *
 * @param first takes new connections until it is replaced
 */
export function createListeners(first: Listener): Listeners {
  let current = first;
  const replaced = new Map<Listener["server"], Promise<void>>();
  return {
    get tls() {
      return current.tls;
    },
    replace(next) {
      const { server } = current;
      current = next;
      const end = server.stop().finally(() => replaced.delete(server));
      replaced.set(server, end);
    },
    async drain() {
      await Promise.all([current.server.stop(), ...replaced.values()]);
    },
    async cut() {
      const servers = [current.server, ...replaced.keys()];
      await Promise.all(servers.map((server) => server.stop(true)));
    },
  };
}
