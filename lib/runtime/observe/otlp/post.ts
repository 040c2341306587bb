import type { FetchUpstream } from "../../../gateway/fetch_upstream.ts";
import { GatewayError } from "../../../gateway/problem/gateway_error.ts";
import { rejectedIn } from "./partial_success.ts";

/** A body that is exported. */
export interface Payload {
  url: URL;
  body: Uint8Array<ArrayBuffer>;
  /** The headers, with the content type. */
  headers: Headers;
}

/** The answer of a collector to an export. */
export type Answer =
  /** It took it, but for some of the spans or points. */
  | { kind: "accepted"; rejected: number }
  /** It may take it later, after at least so many milliseconds. */
  | { kind: "later"; reason: string; afterMs: number }
  /** It will not take it. */
  | { kind: "refused"; reason: string };

/** Sends a payload once. It never rejects. */
export type Post = (payload: Payload, signal: AbortSignal) => Promise<Answer>;

/** The largest answer that is read, in bytes. */
const MAX_ANSWER = 64 * 1024;

// OTLP, section "Retryable Response Codes".
const RETRYABLE: readonly number[] = [429, 502, 503, 504];

/**
 * Creates the function that sends exports. It follows no redirect, uses no proxy of the environment, and prints nothing.
 *
 * @param fetchUpstream sends a request
 * @param timeout the longest time for one export, in milliseconds
 * @param now the current time in milliseconds since the epoch
 */
export function createPost(
  fetchUpstream: FetchUpstream,
  timeout: number,
  now: () => number = Date.now,
): Post {
  return async ({ url, body, headers }, signal) => {
    const canceler = new AbortController();
    const { promise: ended, resolve } = Promise.withResolvers<Answer>();
    const giveUp = (reason: string) => resolve({ kind: "later", reason, afterMs: 0 });
    const timer = setTimeout(() => giveUp("it took too long"), timeout);
    const stop = () => giveUp("the gateway stops");
    signal.addEventListener("abort", stop);
    const send = async (): Promise<Answer> => {
      const request = {
        method: "POST",
        headers: new Headers(headers),
        body,
        signal: canceler.signal,
      };
      const abort = (reason: GatewayError) => canceler.abort(reason);
      const response = await fetchUpstream({ url, rule: { headers: [] } }, request, abort);
      return answerOf(response, now());
    };
    try {
      return await Promise.race([ended, send().catch(failureOf)]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      canceler.abort();
    }
  };
}

async function answerOf(response: Response, now: number): Promise<Answer> {
  const { status, headers } = response;
  const bytes = await readAnswer(response);
  if (status >= 200 && status < 300) {
    const isJson = /json/i.test(headers.get("content-type") ?? "");
    return { kind: "accepted", rejected: rejectedIn(bytes, isJson) };
  }
  const reason = `status ${status}`;
  if (!RETRYABLE.includes(status)) return { kind: "refused", reason };
  return { kind: "later", reason, afterMs: retryAfter(headers.get("retry-after"), now) };
}

/** The body is read, so that the connection can be used again. */
async function readAnswer({ body }: Response): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    if (length > MAX_ANSWER) break;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function failureOf(error: unknown): Answer {
  const reason = error instanceof GatewayError ? (error.reason ?? error.code) : "it failed";
  return { kind: "later", reason, afterMs: 0 };
}

/** RFC 9110, section 10.2.3: a number of seconds, or a date. */
function retryAfter(text: string | null, now: number): number {
  if (text === null) return 0;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? 0 : Math.max(at - now, 0);
}
