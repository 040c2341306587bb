import type { App } from "../../../lib/gateway/model/app.ts";
import type { AuthorizedTarget } from "../../../lib/gateway/model/grant.ts";
import type { ExchangeRecord } from "../../../lib/gateway/record/exchange_record.ts";
import type { OutboundRequest } from "../../../lib/gateway/fetch_upstream.ts";
import {
  assembleGateway,
  type GatewayParts,
  type Handler,
} from "../../../lib/runtime/create_gateway.ts";
import {
  type GatewayOptions,
  type GatewaySources,
  readGatewayOptions,
} from "../../../lib/runtime/gateway_options.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { type SignedOptions, signedTarget } from "../../support/signed.ts";

/** Where requests are sent; nothing listens there. */
export const GATEWAY = "https://edge.example.net/";

/** The target of {@link signed}, and the header that goes there. */
export const TARGET = "https://api.example.com/v1/items?q=1";

/** The header that the rule for {@link TARGET} injects. */
export const KEY = ["Authorization", "Bearer injected"] as const;

/** A gateway whose every way out is recorded in place of being taken. */
export interface GatewayUnderTest {
  send: Handler;
  /** What went to an upstream. */
  fetched: { upstream: AuthorizedTarget; request: OutboundRequest }[];
  /** The names that were looked up. */
  resolved: string[];
  records: ExchangeRecord[];
  errors: unknown[];
}

/** What differs from the usual. */
export interface UnderTestOptions extends Omit<GatewayOptions, "sources">, GatewayParts {
  /** Default: the one app of `upstreams`. */
  sources?: Partial<GatewaySources>;
  /** Default: one for the host of {@link TARGET}, with {@link KEY}. */
  upstreams?: App["upstreams"];
  /** What the upstream answers. Default: 200 and `answer`. */
  answer?: () => Response | Promise<Response>;
}

/** Makes the gateway. */
export function gatewayUnderTest(options: UnderTestOptions = {}): GatewayUnderTest {
  const fetched: GatewayUnderTest["fetched"] = [];
  const resolved: string[] = [];
  const records: ExchangeRecord[] = [];
  const errors: unknown[] = [];
  const {
    upstreams = [{ url: new URL("https://api.example.com/v1/"), headers: [KEY] }],
    answer = () => new Response("answer"),
    sources,
    limits,
    hooks = {},
    observers,
    cors = {},
    audience,
    publicPath = "/",
    explain = false,
    ...parts
  } = options;
  const app: App = { id: CREDENTIAL.id, secrets: [CREDENTIAL.secret], upstreams };
  const send = assembleGateway(
    readGatewayOptions({
      sources: { findApp: (id) => (id === app.id ? app : undefined), ...sources },
      limits: { headTimeout: 0, sseHeartbeat: 0, ...limits },
      observers: {
        onRecord: (record) => records.push(record),
        onError: (error) => errors.push(error),
        ...observers,
      },
      hooks,
      cors,
      ...(audience !== undefined && { audience }),
      publicPath,
      explain,
    }),
    {
      fetchUpstream: async (upstream, request) => {
        fetched.push({ upstream, request });
        return await answer();
      },
      resolve: (name) => {
        resolved.push(name);
        return Promise.resolve(["93.184.215.14"]);
      },
      ...parts,
    },
  );
  return { send, fetched, resolved, records, errors };
}

/** What is asked for, and what is signed. */
export interface SignedInit extends RequestInit {
  /** Default: {@link TARGET}. */
  target?: string;
  /** Default: {@link GATEWAY}. */
  gateway?: string;
  /** What is signed besides. Default: the method and the target. */
  sign?: SignedOptions;
}

/** A request that is rightly signed. */
export function signed(options: SignedInit = {}): Request {
  const { target = TARGET, gateway = GATEWAY, sign = {}, ...init } = options;
  const method = init.method ?? "GET";
  const path = signedTarget(gateway, target, { method, ...sign });
  return new Request(new URL(path, gateway), { ...init, method });
}

/** The members of a problem document. */
export async function problemIn(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>;
}
