import { CREDENTIAL } from "../../support/gateway.ts";
import { ANTHROPIC } from "../../support/providers/anthropic.ts";
import { GEMINI } from "../../support/providers/gemini.ts";
import { OPENAI } from "../../support/providers/openai.ts";
import {
  type BillEntry,
  billedTokens,
  type FakeProvider,
  startProvider,
} from "../../support/providers/provider_server.ts";
import { waitFor } from "../../support/wait_for.ts";
import type { ConfiguredGateway } from "../../support/configured_gateway.ts";
import type { Asked, BilledCall } from "./billed_calls.ts";
import { startCountingGateway } from "./limited_server.ts";

const KEY = "sk-operator";
const WORKERS = 2;
const HEADERS = {
  openai: { Authorization: `Bearer ${KEY}` },
  anthropic: { "x-api-key": KEY },
  google: { "x-goog-api-key": KEY },
};

type Providers = Readonly<Record<BilledCall["provider"], FakeProvider>>;

/** The fake providers, and what they bill. */
export interface Billing extends AsyncDisposable {
  providers: Providers;
  /** What is billed for models of which the name contains a text. */
  billOf: (part: string) => { tokens: number; microDollars: number };
}

/** Micro-dollars for a token: with whole ones, nothing is rounded. */
export const RATES = { input: 2, cached: 1, output: 8 };

/** The prices of all models, as a file for the gateway. */
export const PRICES = JSON.stringify(
  Object.fromEntries(
    Object.keys(HEADERS).map((provider) => [
      provider,
      {
        "m*": {
          input_mtok: RATES.input,
          cache_read_mtok: RATES.cached,
          output_mtok: RATES.output,
        },
      },
    ]),
  ),
);

/** Starts the providers. */
export function startBilling(paceMs: number): Billing {
  const options = { key: KEY, paceMs };
  const providers = {
    openai: startProvider(OPENAI, options),
    anthropic: startProvider(ANTHROPIC, options),
    google: startProvider(GEMINI, options),
  };
  return {
    providers,
    billOf(part) {
      const bill = Object.values(providers).flatMap((provider) => provider.bill);
      const entries = bill.filter(({ model }) => model.includes(part));
      return { tokens: billedTokens(entries), microDollars: costOf(entries) };
    },
    async [Symbol.asyncDispose]() {
      for (const provider of Object.values(providers)) await provider[Symbol.asyncDispose]();
    },
  };
}

function costOf(entries: readonly BillEntry[]): number {
  return entries.reduce(
    (sum, { inputTokens, cachedTokens, outputTokens }) =>
      sum +
      (inputTokens - cachedTokens) * RATES.input +
      cachedTokens * RATES.cached +
      outputTokens * RATES.output,
    0,
  );
}

/** The rules of an app that calls the providers. */
export function billedRules(providers: Providers) {
  return (["openai", "anthropic", "google"] as const).map((provider) => ({
    url: `${providers[provider].origin}/`,
    provider,
    headers: HEADERS[provider],
  }));
}

/** Starts a gateway with two workers, and with the providers as its upstreams. */
export async function startBilledGateway(
  { providers }: Billing,
  { ledger, prices }: { ledger: string; prices: string },
): Promise<ConfiguredGateway> {
  const { id, secret } = CREDENTIAL;
  const app = [{ id, secrets: [secret], upstream: billedRules(providers) }];
  const gateway = await startCountingGateway({ ledger, prices, workers: WORKERS, app });
  const listening = () => gateway.lines().filter(({ msg }) => msg === "listening");
  await waitFor("all workers", () => listening().length === WORKERS);
  return gateway;
}

/** A gateway, the providers behind it, and a token for them. */
export interface Caller {
  gateway: { url: string };
  billing: Billing;
  token: string;
}

/** Sends a call through the gateway. */
export function send(
  { gateway, billing, token }: Caller,
  { provider, path, body }: BilledCall,
  asked: Asked & { signal?: AbortSignal },
): Promise<Response> {
  const { signal, ...question } = asked;
  const { host } = billing.providers[provider];
  return fetch(`${gateway.url}/${host}${path(asked.model)}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      ...(provider === "anthropic" && { "anthropic-version": "2023-06-01" }),
    },
    body: JSON.stringify(body(question)),
    ...(signal && { signal }),
  });
}

/** A text of so many words. */
export function wordsOf(count: number): string {
  return Array.from({ length: count }, () => "a").join(" ");
}
