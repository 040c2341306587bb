import { publicAddressOf, type Resolve } from "../../gateway/admission/authorize.ts";
import { textWithin } from "../../gateway/body/text_within.ts";
import type { FetchUpstream } from "../../gateway/fetch_upstream.ts";
import { GatewayError } from "../../gateway/problem/gateway_error.ts";
import { limitTime } from "../../gateway/time/limit_time.ts";
import { failureReason } from "../http/failure_reason.ts";
import { OWN_HEADERS } from "../http/own_headers.ts";

/** Settings of {@link createKeySetFetch}. */
export interface KeySetFetchOptions {
  /** Sends a request. It is looked up for each one, because a reload may change it. */
  fetchUpstream: () => FetchUpstream;
  /** Resolves the name of a host. */
  resolve: Resolve;
  /** The longest time for all of it, in milliseconds. Default: 5 seconds. */
  timeout?: number;
}

/**
 * Fetches the text of a key set.
 *
 * @param location an https URL
 * @throws GatewayError `keys_unavailable`, with the reason
 */
export type KeySetFetch = (location: string) => Promise<string>;

const TIMEOUT_MS = 5_000;

/** The largest key set, in bytes. */
const MAX_BYTES = 2 ** 20;

const NO_RULE = { headers: [] } as const;

/**
 * Creates a function that fetches key sets from public addresses, without redirects.
 *
 * @param options how requests are sent and names resolved
 */
export function createKeySetFetch(options: KeySetFetchOptions): KeySetFetch {
  const { timeout = TIMEOUT_MS } = options;
  return async (location) => {
    const begin = (canceler: AbortController) => fetchText(location, options, canceler);
    try {
      return await limitTime({ ms: timeout, begin, late });
    } catch (error) {
      throw unavailable(failureReason(error, "it cannot be read"));
    }
  };
}

async function fetchText(
  location: string,
  { fetchUpstream, resolve }: KeySetFetchOptions,
  canceler: AbortController,
): Promise<string> {
  const url = new URL(location);
  const address = await publicAddressOf(url.hostname, resolve);
  const headers = new Headers({
    ...OWN_HEADERS,
    accept: "application/jwk-set+json, application/json",
  });
  const request = { method: "GET", headers, body: null, signal: canceler.signal };
  const target = { url, rule: NO_RULE, address };
  const response = await fetchUpstream()(target, request, (reason) => canceler.abort(reason));
  if (response.status !== 200) throw unavailable(`status ${response.status}`);
  const text = await textWithin(response.body ?? [], MAX_BYTES);
  if (text === undefined) throw unavailable("it is larger than 1 MiB");
  return text;
}

function late(): never {
  throw unavailable("it took too long");
}

function unavailable(reason: string): GatewayError {
  return new GatewayError("keys_unavailable", reason);
}
