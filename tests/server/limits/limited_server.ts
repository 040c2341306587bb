import type { ConfigInput } from "../../../lib/config/schema.ts";
import { signToken, type TokenOptions } from "../../../lib/signing/mod.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { waitFor } from "../../support/wait_for.ts";
import { type ConfiguredGateway, startConfigured } from "../../support/configured_gateway.ts";

/** An upstream that counts what is open, and answers when it may. */
export interface CountingUpstream extends Disposable {
  url: string;
  /** How many requests came, and how many were open at once at most. */
  counts: { all: number; most: number };
  /** Holds answers until the function that it returns is called. */
  hold: () => () => void;
}

/** Starts the upstream. */
export function startCounting(): CountingUpstream {
  const counts = { all: 0, most: 0 };
  let open = 0;
  let answering = Promise.resolve();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch() {
      counts.all++;
      counts.most = Math.max(counts.most, ++open);
      await answering;
      open--;
      return new Response("x".repeat(100));
    },
  });
  return {
    url: server.url.origin,
    counts,
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      answering = promise;
      return resolve;
    },
    [Symbol.dispose]: () => void server.stop(true),
  };
}

/** The configuration of a gateway whose only upstream is this one. */
export function configFor(
  upstream: CountingUpstream,
  more: Partial<ConfigInput> = {},
): ConfigInput {
  const { id, secret } = CREDENTIAL;
  return { app: [{ id, secrets: [secret], upstream: [{ url: upstream.url }] }], ...more };
}

/** Starts a gateway, and waits until it accepts tokens that count. */
export async function startCountingGateway(config: ConfigInput): Promise<ConfiguredGateway> {
  const gateway = await startConfigured(config);
  await acceptsNewTokens();
  return gateway;
}

/** Waits until a token that is dated ahead as far as it may be is newer than a ledger that was born before. */
export async function acceptsNewTokens(): Promise<void> {
  const second = () => Math.floor(Date.now() / 1000);
  const start = second();
  await waitFor("the next second", () => second() > start);
}

/** Signs a token that is dated as far ahead as a ledger accepts. */
export function freshToken(limits: Partial<TokenOptions>): Promise<string> {
  const { id, secret } = CREDENTIAL;
  const now = new Date((Math.floor(Date.now() / 1000) + 2) * 1000);
  return signToken({ id, secret, now, ...limits });
}

/** Sends a request with a token; resolves with the code of a refusal or the status, and the headers. */
export async function ask(
  gateway: { url: string },
  token: string,
  upstream: CountingUpstream,
): Promise<{ result: string; headers: Headers }> {
  const { host } = new URL(upstream.url);
  const response = await fetch(`${gateway.url}/${host}/`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  await response.arrayBuffer();
  const { status, headers } = response;
  return { result: headers.get("x-sw-problem") ?? String(status), headers };
}

/** How often each result came. */
export function tally(answers: readonly { result: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { result } of answers) counts[result] = (counts[result] ?? 0) + 1;
  return counts;
}
