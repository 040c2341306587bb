import { type Answer, RATE_LIMITED } from "./answer.ts";
import { credentialsOf } from "./credentials.ts";
import { ProviderError } from "./provider_error.ts";

/** A request as it arrived. */
export interface ReceivedRequest {
  method: string;
  path: string;
  /** Without the `?`. */
  query: string;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
}

/** A request that is to be answered: its key is right, and its body is JSON. */
export interface Call {
  headers: Headers;
  query: URLSearchParams;
  /** What the groups of the route's path matched. */
  params: Readonly<Record<string, string>>;
  /** An empty object for a request without a body. */
  body: Record<string, any>;
  /** Milliseconds between two events of a stream. */
  paceMs: number;
  /** Puts an answer on the bill, whole, whoever hears it. Returns it. */
  bill: <Billed extends BillEntry>(answer: Billed) => Billed;
}

/** The tokens that are billed for a request. */
export type BillEntry = Pick<
  Answer,
  "model" | "inputTokens" | "cachedTokens" | "outputTokens" | "reasoningTokens"
>;

/** One operation of an API. */
export interface Route {
  method: "GET" | "POST";
  path: RegExp;
  /** Throws a ProviderError. */
  answer: (call: Call) => Response;
}

/** An API, as its provider documents it. */
export interface Provider {
  routes: readonly Route[];
  /** What {@link credentialsOf} finds in a request with the operator's key and no other; each form that is accepted. */
  credentials: (key: string) => readonly Readonly<Record<string, string>>[];
  /** What is wrong with the credentials of a request that has others. */
  unauthorized: (credentials: Readonly<Record<string, string>>) => ProviderError;
  /** The response for an error, in the provider's form. */
  errorResponse: (error: ProviderError) => Response;
}

/** What a provider is started with. */
export interface ProviderOptions {
  /** The operator's key. */
  key: string;
  /** Milliseconds between two events of a stream. Default: 1. */
  paceMs?: number;
}

/** A provider that runs. */
export interface FakeProvider extends AsyncDisposable {
  /** Such as `http://127.0.0.1:8080`. */
  origin: string;
  /** With the port. */
  host: string;
  /** Every request so far, refused ones included. A test may take some out. */
  requests: ReceivedRequest[];
  /** What is billed so far, in the order of the requests. A test may take some out. */
  bill: BillEntry[];
}

/** All tokens on a bill, of input and output. */
export function billedTokens(bill: readonly BillEntry[]): number {
  return bill.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0);
}

/** Starts a provider on a free port. */
export function startProvider(provider: Provider, options: ProviderOptions): FakeProvider {
  const requests: ReceivedRequest[] = [];
  const bill: BillEntry[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    async fetch(request) {
      const received = await receive(request);
      requests.push(received);
      try {
        return answer(received, provider, { ...options, bill });
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        return provider.errorResponse(error);
      }
    },
  });
  const { origin, host } = server.url;
  return { origin, host, requests, bill, [Symbol.asyncDispose]: () => server.stop(true) };
}

async function receive(request: Request): Promise<ReceivedRequest> {
  const { pathname, search } = new URL(request.url);
  return {
    method: request.method,
    path: pathname,
    query: search.slice(1),
    headers: request.headers,
    body: await request.bytes(),
  };
}

function answer(
  received: ReceivedRequest,
  { routes, credentials, unauthorized }: Provider,
  { key, paceMs = 1, bill }: ProviderOptions & Pick<FakeProvider, "bill">,
): Response {
  const { method, path, headers } = received;
  const found = credentialsOf(received);
  if (!credentials(key).some((form) => Bun.deepEquals(form, found))) throw unauthorized(found);
  const route = routes.find((it) => it.method === method && it.path.test(path));
  if (!route) throw new ProviderError(404, `Unknown request URL: ${method} ${path}.`);
  const params = route.path.exec(path)?.groups ?? {};
  const body = bodyOf(received);
  if ((params["model"] ?? body["model"]) === RATE_LIMITED) {
    throw new ProviderError(429, "Rate limit reached.");
  }
  return route.answer({
    headers,
    query: new URLSearchParams(received.query),
    params,
    body,
    paceMs,
    bill(entry) {
      const { model, inputTokens, cachedTokens, outputTokens, reasoningTokens } = entry;
      bill.push({ model, inputTokens, cachedTokens, outputTokens, reasoningTokens });
      return entry;
    },
  });
}

function bodyOf({ body }: ReceivedRequest): Record<string, any> {
  if (body.length === 0) return {};
  const value = parsed(new TextDecoder().decode(body));
  if (typeof value === "object" && value !== null) return value;
  throw new ProviderError(400, "The body is no JSON object.");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
