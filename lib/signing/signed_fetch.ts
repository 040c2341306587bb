/**
 * The client's side: a `fetch` whose every request goes to a signed URL that the backend gives out.
 * It holds no secret and needs nothing but Web globals.
 */

/**
 * Asks the backend for the signed URL of one request.
 *
 * @param request what is about to be sent: `method`, `url` (the upstream's), `headers` and, for a
 *   backend that signs it, the body (`await request.text()`). It is this call's own copy.
 * @returns the signed URL, as `signUrl` made it on the backend: absolute, and nothing around it
 */
export type GetSignedUrl = (request: Request) => string | URL | Promise<string | URL>;

/** Settings of {@link createSignedFetch}. */
export interface SignedFetchOptions {
  /** What sends the requests. Default: the global `fetch`. */
  fetch?: (url: string | URL, init: RequestInit) => Promise<Response>;
}

/** The shape of the global `fetch`. */
export type SignedFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * Makes a function with the shape of `fetch` (https://fetch.spec.whatwg.org/#fetch-method) that
 * sends each request to a signed URL instead, with the same method, headers and body. API clients
 * that take a `fetch` of one's own work with it unchanged.
 *
 * When the gateway answers that the URL has expired (`application/problem+json` with the code
 * `expired`, RFC 9457), the request is sent once more with a new URL; what that one answers is
 * returned whatever it is. Nothing has reached the upstream by then, so nothing is done twice. The
 * body is read into memory first, so that it can be signed and sent again.
 *
 * @param getSignedUrl called before each sending, so twice at most for one call
 * @param options who sends
 * @returns the function. Of a `Request` it takes the method, URL, headers, body and signal; all that
 *   `init` says is passed on. It throws what `fetch` and `getSignedUrl` throw, a TypeError before
 *   anything is sent when the latter gives no absolute http(s) URL, and the reason of the signal as
 *   soon as that aborts, even while the URL is awaited
 *
 * @example
 * ```ts
 * const client = new OpenAI({
 *   apiKey: "added by the gateway",
 *   dangerouslyAllowBrowser: true, // there is no key in it
 *   fetch: createSignedFetch(async ({ method, url }) => {
 *     const answer = await fetch("/sign", { method: "POST", body: JSON.stringify({ method, url }) });
 *     if (!answer.ok) throw new Error(`the backend signs no ${method} ${url}`);
 *     return await answer.text();
 *   }),
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
    // The signal that the caller holds: a Request's own may be collected together with the Request.
    const signal = init?.signal ?? (input instanceof Request ? input.signal : null);
    const { method, url, headers } = request;
    const body = await unlessAborted(() => readBody(request), signal);
    const attempt = async () => {
      const ask = async () => getSignedUrl(new Request(url, { method, headers, body, signal }));
      const signed = await unlessAborted(ask, signal);
      assertAbsolute(signed);
      return await send(signed, { ...init, method, headers, body, signal });
    };
    const response = await attempt();
    return (await isExpired(response)) ? attempt() : response;
  };
}

// In a page, fetch would send whatever else it is given to the page's own origin. Without the slashes
// even `https:…` is relative (https://url.spec.whatwg.org/#special-relative-or-authority-state).
function assertAbsolute(url: unknown): void {
  if (/^\s*https?:\/\//i.test(`${url}`) && URL.canParse(`${url}`)) return;
  throw new TypeError("getSignedUrl must give an absolute http(s) URL");
}

async function readBody(request: Request): Promise<ArrayBuffer | null> {
  const bytes = await request.arrayBuffer();
  // A GET that has a body, if only an empty one, is not a request that fetch sends.
  return bytes.byteLength > 0 ? bytes : null;
}

async function isExpired(response: Response): Promise<boolean> {
  const type = response.headers.get("content-type") ?? "";
  if (!/^application\/problem\+json\b/i.test(type)) return false;
  try {
    return (await response.clone().json()).code === "expired";
  } catch {
    return false;
  }
}

function unlessAborted<T>(work: () => Promise<T>, signal: AbortSignal | null): Promise<T> {
  return new Promise((resolve, reject) => {
    if (!signal) return resolve(work());
    signal.throwIfAborted();
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
    const end = () => signal.removeEventListener("abort", abort);
    void work().then(resolve, reject).finally(end);
  });
}
