/**
 * The client side: a `fetch` that sends every request to a signed URL from the backend. It holds no
 * secret and uses Web globals only.
 */

export {
  createTokenProvider,
  type FetchToken,
  type TokenProviderOptions,
} from "./token/token_provider.ts";

/**
 * Asks the backend for the signed URL of one request.
 *
 * @param request the request that is about to be sent: `method`, `url` (of the upstream), `headers`
 *   and, for a backend that signs it, the body (`await request.text()`). Each call gets its own copy.
 * @returns the signed URL exactly as `signUrl` returned it on the backend: absolute, without quotation
 *   marks or white space around it; or the backend's response, whose text is that URL
 */
export type GetSignedUrl = (request: Request) => SignedUrl | Promise<SignedUrl>;

/** The signed URL, or a response of the backend with the signed URL as its text. */
export type SignedUrl = string | URL | Response;

/** Settings of {@link createSignedFetch}. */
export interface SignedFetchOptions {
  /** Sends the requests. Default: the global `fetch`. */
  fetch?: (url: string | URL, init: RequestInit) => Promise<Response>;
}

/** The shape of the global `fetch`. */
export type SignedFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * Creates a function with the shape of `fetch` (https://fetch.spec.whatwg.org/#fetch-method) that sends
 * each request to a signed URL instead, with the same method, headers and body. API clients with an
 * option for `fetch` work with it unchanged.
 *
 * When the gateway refuses the URL as expired (`X-Sw-Problem: expired`, a header that no upstream can
 * send), the request is sent once more with a new URL, and the second response is always returned. The
 * first request did not reach the upstream, so no operation is repeated. The body is read into memory
 * first, so that it can be signed and sent again.
 *
 * When `getSignedUrl` returns a response of the backend that is not ok, the function returns this response
 * with the header `X-Should-Retry: false`. The caller sees the backend's status and message, and API
 * clients report the error without a retry. When `getSignedUrl` throws instead, API clients treat the
 * error as a lost connection.
 *
 * @param getSignedUrl called each time before the request is sent: at most twice for each call
 * @param options the function that sends the requests
 * @returns the function. It takes method, URL, headers, body and signal from a `Request`, and passes
 *   on every other member of `init`. It rejects with the error of `fetch` or `getSignedUrl`; with a
 *   TypeError, before anything is sent, when `getSignedUrl` returns no absolute http(s) URL; and with
 *   the reason of the signal as soon as it is aborted, even while the function waits for the URL. A signal of `null` in
 *   `init` replaces the signal of a `Request`
 *
 * @example
 * ```ts
 * const client = new OpenAI({
 *   apiKey: "added by the gateway",
 *   dangerouslyAllowBrowser: true, // there is no key in it
 *   fetch: createSignedFetch(({ method, url }) =>
 *     fetch("/sign", {
 *       method: "POST",
 *       headers: { "Content-Type": "application/json" },
 *       body: JSON.stringify({ method, url }),
 *     }),
 *   ),
 * });
 * ```
 */
export function createSignedFetch(
  getSignedUrl: GetSignedUrl,
  options: SignedFetchOptions = {},
): SignedFetch {
  return async (input, init) => {
    const { fetch: send = fetch } = options;
    const request = new Request(input, init);
    // The caller's own signal: the signal of the copy may be garbage-collected together with the copy.
    const own = input instanceof Request ? input.signal : null;
    // As in fetch itself, `null` detaches the request from the signal that it has.
    const signal = init?.signal === undefined ? own : init.signal;
    const { method, url, headers } = request;
    const body = await unlessAborted(() => readBody(request), signal);
    const signAndSend = async () => {
      const sign = async () => {
        const given = await getSignedUrl(new Request(url, { method, headers, body, signal }));
        return isResponse(given) && given.ok ? given.text() : given;
      };
      const signedUrl = await unlessAborted(sign, signal);
      if (isResponse(signedUrl)) return withoutRetry(signedUrl);
      assertAbsolute(signedUrl);
      return await send(signedUrl, { ...init, method, headers, body, signal });
    };
    const response = await signAndSend();
    if (response.headers.get("x-sw-problem") !== "expired") return response;
    // An unread body would keep its connection.
    response.body?.cancel().catch(() => {});
    return signAndSend();
  };
}

// `instanceof` would reject a response of another implementation of fetch.
function isResponse(given: SignedUrl): given is Response {
  return typeof (given as Response | undefined)?.text === "function";
}

/** Adds the header to a refusal that the published API clients check before they retry. */
function withoutRetry(refusal: Response): Response {
  const headers = new Headers(refusal.headers);
  headers.set("X-Should-Retry", "false");
  const { status, statusText } = refusal;
  // An opaque response has the status 0, which the constructor of Response does not accept.
  return status === 0 ? refusal : new Response(refusal.body, { status, statusText, headers });
}

// In a page, fetch would send a relative URL to the page's own origin. Without the slashes even
// `https:…` is relative (https://url.spec.whatwg.org/#special-relative-or-authority-state).
function assertAbsolute(url: unknown): void {
  if (/^\s*https?:\/\//i.test(`${url}`) && URL.canParse(`${url}`)) return;
  throw new TypeError("getSignedUrl must return an absolute http(s) URL");
}

async function readBody(request: Request): Promise<ArrayBuffer | null> {
  const bytes = await request.arrayBuffer();
  // fetch refuses a GET with a body, even with an empty one.
  return bytes.byteLength > 0 ? bytes : null;
}

/** Resolves with the result of the work, or rejects with the reason of the signal once it is aborted. */
function unlessAborted<T>(work: () => Promise<T>, signal: AbortSignal | null): Promise<T> {
  return new Promise((resolve, reject) => {
    if (!signal) return resolve(work());
    signal.throwIfAborted();
    const rejectWithReason = () => reject(signal.reason);
    signal.addEventListener("abort", rejectWithReason);
    const removeListener = () => signal.removeEventListener("abort", rejectWithReason);
    void work().then(resolve, reject).finally(removeListener);
  });
}
