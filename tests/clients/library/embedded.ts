import type { App, ExchangeRecord, GatewayOptions, GatewaySources } from "../../../lib/mod.ts";
import { createGateway } from "../../../lib/mod.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import {
  type RawUpstream,
  respond,
  type Script,
  startUpstream,
} from "../../support/raw_upstream.ts";
import { type SignedOptions, signedTarget } from "../../support/signed.ts";

/** A gateway in a server of its own, with an upstream behind it. */
export interface Embedded extends AsyncDisposable {
  url: string;
  upstream: RawUpstream;
  /** The app that every request is signed for. */
  app: App;
  records: ExchangeRecord[];
  /** What `onError` was told. */
  errors: unknown[];
  /** What the server got in place of a response. */
  thrown: unknown[];
  /** Sends a request, signed for the upstream unless `sign` says otherwise. */
  ask: (init?: AskInit) => Promise<Response>;
  /** The path and query of a signed request. */
  signed: (sign?: SignedOptions) => string;
}

/** What is asked for, and what is signed. */
export interface AskInit extends RequestInit {
  sign?: SignedOptions;
}

/** What differs from the usual. */
export interface EmbeddedOptions extends Omit<GatewayOptions, "sources"> {
  /** Default: the one app, {@link Embedded.app}. */
  sources?: GatewaySources;
  /** What the upstream does. Default: it answers with `answer`. */
  script?: Script;
}

/** Starts it. */
export async function embed(options: EmbeddedOptions = {}): Promise<Embedded> {
  const { script = [respond("answer")], observers, ...rest } = options;
  const upstream = await startUpstream(script);
  const records: ExchangeRecord[] = [];
  const errors: unknown[] = [];
  const thrown: unknown[] = [];
  const app: App = {
    id: CREDENTIAL.id,
    secrets: [CREDENTIAL.secret],
    upstreams: [{ url: new URL(upstream.url), headers: [["X-Key", "injected"]] }],
  };
  const gateway = createGateway({
    sources: { findApp: (id) => (id === app.id ? app : undefined) },
    ...rest,
    observers: {
      onRecord: (record) => records.push(record),
      onError: (error) => errors.push(error),
      ...observers,
    },
  });
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    fetch: (request) => gateway(request),
    error(error) {
      thrown.push(error);
      return new Response("the handler threw", { status: 599 });
    },
  });
  const url = server.url.origin;
  const signed = (sign: SignedOptions = {}) => signedTarget(`${url}/`, `${upstream.url}/`, sign);
  return {
    url,
    upstream,
    app,
    records,
    errors,
    thrown,
    signed,
    ask: ({ sign = {}, ...init } = {}) => {
      const { method = "GET" } = init;
      return fetch(url + signed({ method, ...sign }), { ...init, keepalive: false });
    },
    async [Symbol.asyncDispose]() {
      await server.stop(true);
      await upstream.stop();
    },
  };
}

/** An error whose text nobody outside may see. */
export const CANARY = "canary-7f3a9c";

/** Both ways to fail. */
export const FAILURES: readonly (readonly [how: string, fail: () => never | Promise<never>])[] = [
  [
    "throws",
    () => {
      throw new Error(CANARY);
    },
  ],
  ["rejects", () => Promise.reject(new Error(CANARY))],
];

/** A chunked response that goes on for as long as its reader wants. */
export const ENDLESS_HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
