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
 * Creates a function that asks endpoints for credentials. It follows no redirect, and takes answers with the status 200
 * alone, in bounded size and time.
 *
 * @param fetchUpstream sends a request. It is looked up for each one, because a reload may change it
 * @param timeout the longest time for all of it, in milliseconds. Default: 10 seconds
 * @returns the function, which rejects with a GatewayError `credential_unavailable` that has the reason
 */
export function createCredentialRequests(
  fetchUpstream: () => FetchUpstream,
  timeout = TIMEOUT_MS,
): SendCredentialRequest {
  return async ({ method, url, address, headers = {}, body = null }) => {
    const request = {
      method,
      headers: new Headers({ ...OWN_HEADERS, ...headers }),
      body,
    };
    const target: AuthorizedTarget = { url, rule: { headers: [] }, ...(address && { address }) };
    const begin = async (canceler: AbortController) => {
      const cancelable = { ...request, signal: canceler.signal };
      const abort = (reason: GatewayError) => canceler.abort(reason);
      return textOf(await fetchUpstream()(target, cancelable, abort));
    };
    return await limitTime({ ms: timeout, begin, late });
  };
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
