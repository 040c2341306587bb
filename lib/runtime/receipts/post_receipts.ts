import type { FetchUpstream } from "../../gateway/fetch_upstream.ts";
import type { WaitingReceipt } from "../../gateway/ledger/receipt.ts";
import type { Receipts } from "../../gateway/model/receipts.ts";
import { limitTime } from "../../gateway/time/limit_time.ts";
import { failureReason } from "../http/failure_reason.ts";
import { OWN_HEADERS } from "../http/own_headers.ts";
import { usageEvent } from "./usage_event.ts";
import { messageId, webhookHeaders } from "./webhook_headers.ts";

/** Receipts of one app, and where they go. */
export interface Delivery {
  app: string;
  to: Receipts;
  receipts: readonly WaitingReceipt[];
}

/**
 * Sends receipts to their backend.
 *
 * @returns `undefined` when the backend has answered with 2xx. Otherwise why not: never a URL or a part of an answer
 */
export type PostReceipts = (delivery: Delivery) => Promise<string | undefined>;

/** Options of {@link createPostReceipts}. */
export interface PostOptions {
  /** Sends a request. It is looked up for each one, because a reload may change it. */
  fetchUpstream: () => FetchUpstream;
  /** Returns the current time in milliseconds since the epoch. */
  now: () => number;
  /** The longest time for all of it, in milliseconds. Default: 15 seconds */
  timeout?: number;
}

const HEADERS = { ...OWN_HEADERS, "content-type": "application/json" };

// It has to be over before another process may send.
const TIMEOUT_MS = 15_000;

/**
 * Creates a function that sends receipts. It follows no redirect, and does not read the body of an answer.
 *
 * @param options how requests are sent
 */
export function createPostReceipts({
  fetchUpstream,
  now,
  timeout = TIMEOUT_MS,
}: PostOptions): PostReceipts {
  return async ({ app, to: { url, secret }, receipts }) => {
    // The rest of the answer is not read.
    const begin = async (canceler: AbortController) => {
      const body = usageEvent(app, receipts);
      const signed = webhookHeaders({ id: messageId(receipts), body, secret }, now());
      const headers = new Headers({ ...HEADERS, ...signed });
      const request = { method: "POST", headers, body, signal: canceler.signal };
      const target = { url, rule: { headers: [] } };
      const { status } = await fetchUpstream()(target, request, (reason) => canceler.abort(reason));
      return status >= 200 && status <= 299 ? undefined : `status ${status}`;
    };
    try {
      return await limitTime({ ms: timeout, begin, late: () => "it took too long" });
    } catch (error) {
      return failureReason(error, "it cannot be sent");
    }
  };
}
