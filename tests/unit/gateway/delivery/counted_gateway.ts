import { BodyBudget } from "../../../../lib/gateway/body/body_budget.ts";
import { forward } from "../../../../lib/gateway/delivery/forward.ts";
import {
  type Admitted,
  createTransfer,
  type DeliveryOptions,
  type Transfer,
} from "../../../../lib/gateway/delivery/transfer.ts";
import { InboundRequest } from "../../../../lib/gateway/inbound.ts";
import { createLedger } from "../../../../lib/gateway/ledger/create_ledger.ts";
import type { CounterDemand } from "../../../../lib/gateway/ledger/demand.ts";
import { APP_SCOPE } from "../../../../lib/gateway/ledger/forms/scope.ts";
import type { LedgerReservation } from "../../../../lib/gateway/ledger/ledger.ts";
import { MemoryStore } from "../../../../lib/gateway/ledger/memory/memory_store.ts";
import type { LedgerStore } from "../../../../lib/gateway/ledger/store.ts";
import type {
  CheckedRequest,
  UsageReading,
} from "../../../../lib/gateway/model/checked_request.ts";
import type { Admission, Grant } from "../../../../lib/gateway/model/grant.ts";
import type { Permits } from "../../../../lib/gateway/model/permits.ts";
import type { UpstreamRule } from "../../../../lib/gateway/model/rule.ts";
import { Exchange } from "../../../../lib/gateway/record/exchange.ts";
import type { ExchangeRecord } from "../../../../lib/gateway/record/exchange_record.ts";
import { refusalResponse } from "../../../../lib/gateway/refusal.ts";
import { TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";
import { createUpstreamFetch } from "../../../../lib/runtime/upstream/upstream_fetch.ts";
import { amountsOf } from "../../../support/ledger/stage.ts";
import { waitFor } from "../../../support/wait_for.ts";

const scope = APP_SCOPE;

/** What each exchange demands, by counter: with the elastic cap below, 600 tokens and 6,000 nano-dollars. */
export const DEMANDS = {
  uses: { scope, counter: "uses", limit: 1_000 },
  concurrent: { scope, counter: "concurrent", limit: 1_000 },
  tokens: { scope, counter: "tokens", limit: 1_000_000, fixed: 100, unit: 1 },
  cost: { scope, counter: "cost", limit: 1_000_000, fixed: 1_000, unit: 10 },
} satisfies Record<string, CounterDemand>;

const ELASTIC = { least: 16, most: 500, isAsked: true };

/** What differs from one gateway to the other. */
export interface CountedOptions {
  /** The base URL of the upstream. */
  upstream: string;
  /** Default: all of {@link DEMANDS}. */
  demands?: readonly CounterDemand[];
  /** Default: a memory. */
  store?: LedgerStore;
  /** Default: nothing is reserved. Absent: it is. */
  isUncounted?: boolean;
  rule?: Partial<UpstreamRule>;
  permits?: Permits;
  grant?: Partial<Grant>;
  checked?: Partial<CheckedRequest>;
  delivery?: Partial<DeliveryOptions>;
  opened?: Admitted["opened"];
}

/** A gateway whose exchanges hold something in a ledger. */
export interface CountedGateway extends AsyncDisposable {
  url: string;
  /** Answers a request without a connection. */
  handle: (request: Request) => Promise<Response>;
  records: ExchangeRecord[];
  requests: Request[];
  transfers: Transfer[];
  errors: unknown[];
  /** What is settled and reserved, by counter. */
  amounts: () => Record<string, [settled: number, reserved: number]>;
  /** The record of the only exchange, once it has ended. */
  ended: () => Promise<ExchangeRecord>;
}

/** Reads a usage of the form `"usage":{"input":1,"output":2}`, once the last event or the end of the JSON has come. */
export const readerFor: UsageReading["readerFor"] = () => {
  let text = "";
  return {
    read: (piece) => void (text += Buffer.from(piece).toString()),
    report() {
      const isWhole = text.includes("[DONE]") || isJson(text);
      const [, usage] = /"usage":(\{[^}]*\})/.exec(text) ?? [];
      return isWhole && usage !== undefined ? JSON.parse(usage) : undefined;
    },
    hasEnded: () => text.includes("[DONE]"),
  };
};

/** Two nano-dollars for a token of input, and ten for one of output. */
export const costOf = ({ input, output }: { input: number; output: number }) =>
  2 * input + 10 * output;

/** What each exchange costs at most. */
export const BOUND = { inputTokens: 100, multiplicity: 1, elastic: ELASTIC };

/** Starts one in front of an upstream. */
export function startCounted(options: CountedOptions): CountedGateway {
  const timers = new TimerWheel();
  const store = options.store ?? new MemoryStore();
  const ledger = createLedger({ store, timers });
  const records: ExchangeRecord[] = [];
  const requests: Request[] = [];
  const transfers: Transfer[] = [];
  const errors: unknown[] = [];
  const observer = { end: (record: ExchangeRecord) => void records.push(record) };
  const demands = options.demands ?? Object.values(DEMANDS);
  const elastic = demands.some((demand) => "fixed" in demand) ? { elastic: ELASTIC } : {};
  const reserve = () =>
    options.isUncounted ? undefined : ledger.reserve({ app: "web", demands, ...elastic });
  const delivery = deliveryOf(options, timers);
  const onError = (error: unknown) => void errors.push(error);

  const handle = async (request: Request): Promise<Response> => {
    requests.push(request);
    const ticks = () => performance.now();
    const exchange = new Exchange(request, { ticks, timers, observer, onError });
    const inbound = new InboundRequest(request, {}, uploadLimits(timers));
    try {
      const reservation = await reserve();
      const transfer = createTransfer(
        { ...admittedOf(options, request, reservation), inbound, exchange },
        delivery,
      );
      transfers.push(transfer);
      return await forward(transfer);
    } catch (error) {
      const refused = { inbound, exchange, principal: undefined, hasJwt: () => false };
      return refusalResponse(error, refused, { explain: false, onError, phase: delivery.phase });
    }
  };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    idleTimeout: 0,
    fetch: handle,
  });
  const read = () => store.run({ kind: "read", app: "web", scopes: [scope] });
  return {
    url: server.url.origin,
    handle,
    records,
    requests,
    transfers,
    errors,
    amounts() {
      const readings = read();
      if (readings instanceof Promise) throw new Error("the store has to answer at once");
      return amountsOf(readings[0]!);
    },
    ended: () => waitFor("the end of the exchange", () => records[0]),
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

function deliveryOf({ delivery }: CountedOptions, timers: TimerWheel): DeliveryOptions {
  return {
    fetchUpstream: createUpstreamFetch({ timers, connectTimeout: 0.4 }),
    headTimeout: 30,
    idleTimeout: 30,
    maxDuration: 0,
    sseHeartbeat: 0,
    wsPing: 0,
    maxMessage: 1024,
    maxSignedBody: 1024,
    now: Date.now,
    phase: () => "serving",
    timers,
    publicPath: "/",
    ...delivery,
  };
}

function admittedOf(
  options: CountedOptions,
  request: Request,
  reservation: LedgerReservation | undefined,
): Omit<Admitted, "inbound" | "exchange"> {
  const { upstream, rule, permits = {}, grant, checked, opened } = options;
  const { pathname, search } = new URL(request.url);
  const url = new URL(`${pathname}${search}`, upstream);
  const admission: Admission = {
    grant: {
      principal: { id: "web", upstreams: [] },
      credential: { scheme: "token" },
      permits,
      target: url,
      coveredHeaders: [],
      ...grant,
    },
    target: { url, rule: { headers: [], ...rule } },
  };
  return {
    admission,
    checked: {
      edits: [],
      hasBody: false,
      bound: BOUND,
      usage: { readerFor, costOf },
      ...checked,
    },
    reservation,
    opened,
  };
}

function uploadLimits(timers: TimerWheel) {
  return {
    idleTimeout: 30,
    maxDuration: 0,
    timers,
    unverified: new BodyBudget("unverified_limit"),
    maxUnverified: 1_000_000,
    checked: new BodyBudget("policy_bodies_limit"),
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
