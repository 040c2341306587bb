import type { Revocations } from "../../gateway/ledger/revocation/revocations.ts";
import type { LedgerStore } from "../../gateway/ledger/store.ts";
import type { CounterLimits } from "../../gateway/model/counter_limits.ts";
import type { Activity } from "./activity/activity.ts";
import type { GatewaysUsage } from "./activity/gateways_usage.ts";

/** The functions that the admin listener calls for its responses. */
export interface AdminSources {
  /** Whether the gateway accepts new requests. */
  isReady: () => boolean;
  /** Returns the metrics in the text format of Prometheus. */
  metrics: () => Promise<string>;
  /** Whether a process may not know the latest revocations. `undefined`: nothing can be revoked. */
  isStale: () => boolean | undefined | Promise<boolean | undefined>;
  /** The admin API. Absent: there is none. */
  api?: ApiSources | undefined;
}

/** The sources of the admin API. */
export interface ApiSources {
  /** The token of operators. */
  token: string;
  /** Returns the current time in milliseconds since the epoch. */
  now: () => number;
  /** When the gateway was started, in milliseconds since the epoch. */
  startedAt: number;
  activity: Activity;
  /** The usage of this gateway and those that share its ledger. */
  usage: GatewaysUsage;
  /** Adds to the activity what is counted and not in it yet. */
  refresh: () => Promise<void>;
  /** The states of the processes that serve requests, as far as they answer. */
  processes: () => Promise<readonly ProcessState[]>;
  /** Ends the exchanges with an id, and returns how many there were. */
  endExchange: (requestId: string) => Promise<number>;
  revocations: Pick<Revocations, "change" | "inForce" | "isStale">;
  store: LedgerStore;
}

/** The sources of the admin API, apart from the processes that serve requests. */
export type ApiParts = Omit<ApiSources, "processes" | "endExchange" | "refresh">;

/** The state of a process that serves requests. Plain data, which other processes can send. */
export interface ProcessState {
  /** How often settings were loaded, the start included. */
  generation: number;
  apps: readonly AppState[];
  /** The longest life of a token or URL, in seconds, with the tolerance for clocks. */
  longestLife: number;
  open: number;
  /** Open WebSockets. */
  sockets: number;
  /** Open exchanges, the longest first, 500 at most. */
  exchanges: readonly OpenExchangeState[];
}

/** An app or route, and its limits. */
export interface AppState {
  id: string;
  limits?: CounterLimits;
  subjectLimits?: CounterLimits;
}

/** An open exchange, in the form of the API. */
export interface OpenExchangeState {
  request_id: string;
  app: string;
  subject: string | null;
  method: string;
  /** Without its query. */
  target: string | null;
  kind: "http" | "websocket";
  /** When it began, RFC 3339 in UTC. */
  since: string;
  bytes_in: number;
  bytes_out: number;
}
