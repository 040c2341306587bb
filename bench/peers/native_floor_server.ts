import { readPieces } from "./read_pieces.ts";

// A gateway in Bun that calls the runtime as often as a signed GET or small POST needs, and does no more: it knows one
// rule for each app, one order of parameters and no error but 400.

const [port, upstream, authorization, config] = process.argv.slice(2) as [
  string,
  string,
  string,
  string?,
];
const { SW_ID, SW_SECRET } = process.env;

const ALGORITHM = "SW1-HMAC-SHA256";
const HMAC = { name: "HMAC", hash: "SHA-256" };
const MAX_CLOCK_SKEW_MS = 300_000;
// The query of a signed URL up to its signature, as the SDKs write it.
const QUERY = new RegExp(
  [
    `^(X-Sw-Algorithm=${ALGORITHM})&(X-Sw-Credential=([^&]*)%2F(\\d{8}))&(X-Sw-Date=(\\4T\\d{6}Z))`,
    "(X-Sw-Expires=(\\d+)&X-Sw-Proxy=([^&]*)&X-Sw-SignedHeaders=)",
    "(X-Sw-Body=false)",
    "X-Sw-Signature=([0-9a-f]{64})$",
  ].join("&"),
);

const encoder = new TextEncoder();

interface App {
  id: string;
  secret: string;
  authorization: string;
}

Bun.serve({
  port: Number(port),
  hostname: "127.0.0.1",
  development: false,
  idleTimeout: 0,
  fetch: createHandler(new Map((await findApps()).map((app) => [app.id, app]))),
});

/** The apps of a configuration of Signway, or the one of the environment. */
async function findApps(): Promise<App[]> {
  if (config === undefined) return [{ id: SW_ID!, secret: SW_SECRET!, authorization }];
  const { app } = await Bun.file(config).json();
  return app.map(({ id, secrets: [secret], upstream: [{ headers }] }: Record<string, any>) => ({
    ...{ id, secret, authorization: headers.Authorization },
  }));
}

function createHandler(apps: ReadonlyMap<string, App>) {
  const keyOf = createKeys();
  const verify = createVerifier();
  return async (request: Request): Promise<Response> => {
    const { url, method } = request;
    const start = url.indexOf("/", 8);
    const mark = url.indexOf("?", start);
    const parts = QUERY.exec(url.slice(mark + 1));
    const app = parts && apps.get(parts[3]!);
    if (!app) return badRequest();
    const [, algorithm, credential, , scope, dated, date, rest, expires, proxy, body, tag] = parts;
    const age = Date.now() - timeOf(date!);
    if (!(age >= -MAX_CLOCK_SKEW_MS && age <= Number(expires) * 1000)) return badRequest();
    const query = `${algorithm}&${body}&${credential}&${dated}&${rest}`;
    const canonical = `${method}\n${url.slice(start, mark)}\n${query}\n\n\n\n`;
    const text = `${ALGORITHM}\n${date}\n${scope}\n${Bun.SHA256.hash(canonical, "hex")}`;
    const key = keyOf(app, scope!);
    const isGenuine = await verify(
      key instanceof Promise ? await key : key,
      Uint8Array.fromHex(tag!),
      encoder.encode(text),
    );
    const target = new URL(decodeURIComponent(proxy!));
    if (!isGenuine || target.origin !== upstream) return badRequest();
    return forward(target, request, app);
  };
}

async function forward({ href }: URL, request: Request, { authorization }: App): Promise<Response> {
  const headers = new Headers(request.headers);
  headers.delete("host");
  headers.set("Authorization", authorization);
  const response = await fetch(href, {
    method: request.method,
    headers,
    body: request.body && (await request.arrayBuffer()),
    signal: new AbortController().signal,
    redirect: "manual",
    decompress: false,
    proxy: false,
    timeout: false,
  });
  const answer = new Headers(response.headers);
  harden(answer);
  const isStream = answer.get("content-type")?.startsWith("text/event-stream");
  const body = isStream ? readPieces(response.body) : await response.arrayBuffer();
  return new Response(body, { status: response.status, headers: answer });
}

/** All verifications of a turn begin together, which wakes up the threads of WebCrypto less often. */
function createVerifier() {
  const waiting: (() => void)[] = [];
  const beginAll = () => {
    for (const begin of waiting.splice(0)) begin();
  };
  return (key: CryptoKey, signature: BufferSource, text: BufferSource) =>
    new Promise<boolean>((resolve) => {
      const begin = () => resolve(crypto.subtle.verify("HMAC", key, signature, text));
      if (waiting.push(begin) === 1) setImmediate(beginAll);
    });
}

/** The keys of the apps and days. */
function createKeys() {
  const keys = new Map<string, CryptoKey>();
  const derive = async (name: string, secret: string, scope: string) => {
    const bytes = encoder.encode(ALGORITHM + secret);
    const first = await crypto.subtle.importKey("raw", bytes, HMAC, false, ["sign"]);
    const derived = await crypto.subtle.sign("HMAC", first, encoder.encode(scope));
    const key = await crypto.subtle.importKey("raw", derived, HMAC, false, ["verify"]);
    keys.set(name, key);
    return key;
  };
  return ({ id, secret }: App, scope: string) => {
    const name = `${scope}/${id}`;
    return keys.get(name) ?? derive(name, secret, scope);
  };
}

/** The time of `YYYYMMDDTHHMMSSZ`, in milliseconds. */
function timeOf(date: string): number {
  const part = (from: number, to = from + 2) => Number(date.slice(from, to));
  return Date.UTC(part(0, 4), part(4) - 1, part(6), part(9), part(11), part(13));
}

/** The headers that every answer of the gateway has. */
function harden(headers: Headers): void {
  const id = crypto.randomUUID();
  headers.set("Access-Control-Expose-Headers", "*");
  headers.set("Access-Control-Allow-Origin", "*");
  headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
  headers.set("Cross-Origin-Resource-Policy", "cross-origin");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Cache-Control", "no-store");
  headers.set("X-Sw-Request-Id", id);
  headers.set("X-Request-Id", id);
}

function badRequest(): Response {
  return new Response(null, { status: 400 });
}
