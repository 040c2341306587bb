import type { z } from "zod";
import { textWithin } from "../../gateway/body/text_within.ts";
import type { AuthorizedTarget } from "../../gateway/model/grant.ts";
import type { FetchUpstream } from "../../gateway/fetch_upstream.ts";
import { GatewayError } from "../../gateway/problem/gateway_error.ts";
import { limitTime } from "../../gateway/time/limit_time.ts";
import { OWN_HEADERS } from "../http/own_headers.ts";

/** A request for a credential. */
export interface CredentialRequest {
  method: "GET" | "POST" | "PUT";
  url: URL;
  /** The checked address to connect to. Absent: the host is resolved as usual. */
  address?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

/** Sends a request for a credential, and returns the text of its answer. */
export type SendCredentialRequest = (request: CredentialRequest) => Promise<string>;

const TIMEOUT_MS = 10_000;

/** The largest answer, in bytes. */
const MAX_BYTES = 2 ** 18;

/**
 * Fetches a credential in a limited time: the look-ups of names and all requests together.
 *
 * @param fetch fetches it, with the function that sends requests
 * @returns its result
 * @throws as a rejection what `fetch` throws, or a GatewayError `credential_unavailable` when the time is over
 */
export type FetchInTime = <Result>(
  fetch: (send: SendCredentialRequest) => Promise<Result>,
) => Promise<Result>;

/**
 * Creates a function that fetches credentials from endpoints. A request follows no redirect, and takes an answer with the
 * status 200 alone, in bounded size.
 *
 * @param fetchUpstream sends a request. It is looked up for each one, because a reload may change it
 * @param timeout the longest time for all of it, in milliseconds. Default: 10 seconds
 */
export function createCredentialFetch(
  fetchUpstream: () => FetchUpstream,
  timeout = TIMEOUT_MS,
): FetchInTime {
  return (fetch) => {
    const begin = (canceler: AbortController) =>
      fetch((request) => send(request, fetchUpstream(), canceler));
    return limitTime({ ms: timeout, begin, late });
  };
}

/** Sends a request, and returns the text of its answer. */
async function send(
  { method, url, address, headers = {}, body }: CredentialRequest,
  fetchUpstream: FetchUpstream,
  canceler: AbortController,
): Promise<string> {
  const { signal } = canceler;
  // The name may have been found after the time was over.
  signal.throwIfAborted();
  const request = {
    method,
    headers: new Headers({ ...OWN_HEADERS, ...headers }),
    body: body ?? null,
    signal,
  };
  const target: AuthorizedTarget = { url, rule: { headers: [] }, ...(address && { address }) };
  return textOf(await fetchUpstream(target, request, (reason) => canceler.abort(reason)));
}

/** The error for an answer without a credential. */
export function refusal(reason: string): GatewayError {
  return new GatewayError("credential_unavailable", reason);
}

function late(): never {
  throw refusal("it took too long");
}

/**
 * Reads an answer that is JSON.
 *
 * @param text of the answer
 * @param form that it has to have
 * @param reason the reason of the error for another answer
 * @throws GatewayError `credential_unavailable`
 */
export function parseAnswer<Form extends z.ZodType>(
  text: string,
  form: Form,
  reason: string,
): z.output<Form> {
  const { data, success } = form.safeParse(parseJson(text));
  if (!success) throw refusal(reason);
  return data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function textOf({ status, body }: Response): Promise<string> {
  const text = await textWithin(body ?? [], MAX_BYTES);
  if (text === undefined) throw refusal("the answer is larger than 256 kB");
  if (status === 200) return text;
  const [, code] = ERROR_CODE.exec(text) ?? [];
  throw refusal(`status ${status}${code === undefined ? "" : `, ${code}`}`);
}

// RFC 6749, section 5.2, and RFC 8707, section 2. Nothing else of an answer is repeated.
const ERROR_CODE =
  /"error"\s*:\s*"((?:invalid_(?:request|client|grant|scope|target)|unauthorized_client|unsupported_grant_type))"/;
