import type { Settings } from "../config/settings.ts";
import { MemoryStore } from "../gateway/ledger/memory/memory_store.ts";
import type { Revocations } from "../gateway/ledger/revocation/revocations.ts";
import type { Ledger } from "../gateway/ledger/ledger.ts";
import type { LedgerStore } from "../gateway/ledger/store.ts";
import type { Phase } from "../gateway/model/phase.ts";
import { problemResponse } from "../gateway/problem/problem_response.ts";
import { nameRequest } from "../gateway/record/request_id.ts";
import { TimerWheel } from "../gateway/time/timer_wheel.ts";
import { waitAtMost } from "../gateway/time/wait_at_most.ts";
import { type Configured, createConfigure } from "./configured.ts";
import type { ClientSocket } from "./clients/client_socket.ts";
import { ConnectedClient } from "./clients/connected_client.ts";
import { createListeners, type Listeners } from "./clients/listeners.ts";
import type { Logger } from "./observe/log.ts";
import { logFailure } from "./observe/log_failure.ts";
import type { Observers } from "./observe/observers.ts";
import { createRunningExchanges, type RunningExchanges } from "./observe/running_exchanges.ts";
import { createProcessLedger } from "./process_ledger.ts";
import { createOpenSockets, type OpenSockets, socketHandlers } from "./clients/open_sockets.ts";

/** A running gateway. */
export interface RunningGateway {
  /** The origin of the gateway, as this machine can reach it. */
  readonly url: string;
  readonly port: number;
  /** Returns whether the gateway accepts requests, drains running exchanges, or cuts them. */
  phase: () => Phase;
  /** Returns the settings in force. */
  settings: () => Settings;
  /**
   * Puts new settings in force for new requests. Running exchanges keep their settings.
   *
   * @param settings the new settings; a changed host, port or `http3` has no effect, nor has TLS that comes or goes.
   *   Once the gateway stops, nor has another certificate
   * @throws the runtime's error when a new certificate cannot be used; the old settings then stay in force
   */
  configure: (settings: Settings) => void;
  /**
   * Refuses new connections and waits for running exchanges to end. It then cuts the remaining exchanges.
   *
   * @param seconds the maximum time to wait, in seconds
   */
  stop: (seconds: number) => Promise<void>;
}

/** The parts of a process that its gateway uses. */
export interface Surroundings extends Observers {
  /** Where the counters of limits are. Default: in the memory of this process. */
  store?: LedgerStore;
  /** The revoked credentials, which are followed until the gateway stops. Default: none can be revoked. */
  revocations?: Revocations | undefined;
  /** Whether the port is shared with other workers of the same supervisor. Default: no. */
  isShared?: boolean;
}

type Tls = NonNullable<Settings["tls"]>;

// A connection that is idle for this long between two exchanges is closed.
const IDLE_TIMEOUT_S = 10;

/** The time for exchanges that were cut to end, so that each has its line and its receipt, in milliseconds. */
const LAST_ENDS_MS = 1_000;

/** The time for the last export if the exchanges took all the time, in milliseconds. */
const LAST_EXPORT_MS = 1_000;

/**
 * Starts a gateway.
 *
 * @param initial the operator's settings
 * @param surroundings the log, the metrics, the store of the ledger, and whether the port is shared
 * @returns the running gateway
 * @throws the runtime's error when it cannot listen on the address or cannot use the certificate
 */
export function listen(initial: Settings, surroundings: Surroundings): RunningGateway {
  const { isShared = false, store = new MemoryStore(), revocations, ...given } = surroundings;
  const { metrics, telemetry } = given;
  const observers = { ...given, running: createRunningExchanges() };
  const cutting = new AbortController();
  let phase: Phase = "serving";
  const inForce = (): Configured => configured;
  const timers = new TimerWheel();
  const { ledger, stop } = createProcessLedger({ store, timers, inForce, observers });
  const parts = { timers, ledger, revocations, cut: cutting.signal };
  const configuredFor = createConfigure(observers, parts, () => phase, inForce);
  const sockets = createOpenSockets();
  let configured = configuredFor(initial);
  const open = (settings: Settings, port: number) =>
    openListener(settings, { port, isShared, sockets, log: observers.log, configured: inForce });
  const server = open(initial, initial.tls && !isShared ? exclusivePort(initial) : initial.port);
  const port = server.port!;
  const listeners = createListeners({ server, tls: initial.tls });
  metrics?.certificate(initial.tls?.cert);

  return {
    url: server.url.origin,
    port,
    phase: () => phase,
    settings: () => configured.settings,
    configure(settings) {
      const next = configuredFor(settings, configured);
      const { tls } = settings;
      if (tls && phase === "serving" && isOtherCertificate(tls, listeners.tls)) {
        listeners.replace({ server: open({ ...initial, tls }, port), tls });
        metrics?.certificate(tls.cert);
      }
      configured = next;
    },
    async stop(seconds) {
      const deadline = performance.now() + seconds * 1000;
      phase = "draining";
      await waitAtMost(seconds * 1000, drainAll(listeners, sockets, ledger));
      phase = "cutting";
      await cutAll({ sockets, cutting, listeners, ...observers });
      await endAll({ revocations, telemetry, stop }, deadline);
    },
  };
}

/** Waits until nothing is left. Upstreams that read or are read without a client have no connection. */
async function drainAll(listeners: Listeners, sockets: OpenSockets, ledger: Ledger): Promise<void> {
  await listeners.drain();
  await Promise.all([sockets.idle(), ledger.idle()]);
}

/** Cuts the exchanges that are left, and waits for their ends. */
async function cutAll({ sockets, cutting, listeners, running }: CutParts): Promise<void> {
  await sockets.stop();
  cutting.abort();
  await listeners.cut();
  await waitAtMost(LAST_ENDS_MS, running.idle());
}

interface CutParts {
  sockets: OpenSockets;
  /** Ends what goes on without a client. */
  cutting: AbortController;
  listeners: Listeners;
  running: RunningExchanges;
}

/** Ends what is left, and exports what happened: until the deadline, or for a second. */
async function endAll(
  {
    revocations,
    telemetry,
    stop,
  }: Pick<Surroundings, "revocations" | "telemetry"> & { stop: () => Promise<void> },
  deadline: number,
): Promise<void> {
  const left = Math.max(deadline - performance.now(), LAST_EXPORT_MS);
  await Promise.all([revocations?.stop(), stop(), telemetry?.stop(left)]);
}

/**
 * Selects the port to listen on, and makes sure that no other program listens there. Otherwise a listener
 * that shares its port could share it with another gateway without an error.
 *
 * @param address the address to listen on; port 0 selects a free port
 * @returns the port
 * @throws the runtime's error when it cannot listen on the address
 */
export function exclusivePort({ host, port }: { host: string; port: number }): number {
  const fetch = () => new Response();
  const probe = Bun.serve({ hostname: host, port, reusePort: false, fetch });
  // Read the port now, because a stopped listener has none.
  const found = probe.port!;
  // The port is free again at once. The promise only waits for connections.
  void probe.stop(true);
  return found;
}

interface ListenerOptions {
  port: number;
  /** Whether other processes listen on the same port. */
  isShared: boolean;
  sockets: OpenSockets;
  log: Logger;
  /** Called at each request. */
  configured: () => Configured;
}

function openListener(
  { host, tls, http3, maxMessage }: Settings,
  { port, isShared, sockets, log, configured }: ListenerOptions,
): Bun.Server<ClientSocket> {
  // The runtime's idle timeout closes idle connections between exchanges. During an exchange it would cut
  // quiet streams and slow uploads, so it is suspended.
  const suspendIdleTimeout = (request: Request) => {
    listener.timeout(request, 0);
    return () => listener.timeout(request, IDLE_TIMEOUT_S);
  };
  const addressOf = (request: Request) => listener.requestIP(request)?.address;
  const acceptSocket = (request: Request, headers: Headers) =>
    sockets.accept(listener, request, headers);
  const connection = { addressOf, suspendIdleTimeout, acceptSocket };
  const listener: Bun.Server<ClientSocket> = Bun.serve<ClientSocket>({
    hostname: host,
    port,
    development: false,
    // A new certificate needs a new listener, which shares the port with the old one.
    reusePort: isShared || tls !== undefined,
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    ...(tls && { tls, http2: true, http3 }),
    fetch(request) {
      const { gateway, trustedProxies } = configured();
      return gateway(request, new ConnectedClient(request, connection, trustedProxies));
    },
    websocket: socketHandlers(maxMessage),
    error(error) {
      const requestId = crypto.randomUUID();
      logFailure(log, error, requestId);
      const response = problemResponse("internal_error", { requestId });
      nameRequest(response.headers, { requestId, isForwarded: false });
      return response;
    },
  });
  return listener;
}

// Whether TLS is on changes only with a restart, so a plain listener stays plain.
function isOtherCertificate(tls: Tls, inForce: Tls | undefined): boolean {
  return inForce !== undefined && JSON.stringify(inForce) !== JSON.stringify(tls);
}
