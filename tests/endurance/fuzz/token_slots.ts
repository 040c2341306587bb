import { CREDENTIAL } from "../../support/gateway.ts";
import { mint } from "../../support/minted.ts";
import { gatewayUnderTest, type GatewayUnderTest } from "../../unit/gateway/in_process_gateway.ts";
import { METHODS, placed, SLOTS } from "../../unit/gateway/tokens/slots.ts";
import type { Random } from "../../support/random.ts";
import { createTally, type FuzzResult, type Tally } from "./findings.ts";
import { mutateOften } from "./mutate.ts";
import { mutateJson, NOW, randomClaims, randomToken } from "./random_token.ts";

const BATCH = 50;
const KEYS: Readonly<Record<string, string>> = {
  "https://api.example.com/v1/": "key of the api",
  "http://10.0.0.5:8080/": "key of the box",
};

const PATHS = [
  ...["/api.example.com/v1/items", "/api.example.com:443/v1/", "/10.0.0.5:8080/a?b=c", "/v1/items"],
  ...[
    "//v1/items",
    "/b.example/v1/",
    "/api.example.com//v1/../v1/x",
    "/API.example.com/v1/?q=1&key=a",
  ],
];

/** Pieces that mean something to whoever reads a path as a host, or a query as a credential. */
const SNIPPETS = [
  ...[
    "/",
    "//",
    "/../",
    "%2e%2e/",
    "..;/",
    "\\",
    "@",
    ":",
    ":80",
    "%40",
    "%2f",
    "%00",
    "%ff",
    "?",
    "&",
    ";",
    "=",
  ],
  ...[
    "evil.example",
    "evil.example/",
    "/~",
    "%7E",
    "eyJ",
    "[::1]",
    "127.1",
    "localhost",
    "xn--a",
    "。",
    ".",
  ],
  ...[
    "_method=PUT",
    "$httpMethod=PUT",
    "key=",
    "access_token=",
    "X-Sw-Algorithm=x",
    "X-Sw-Token=",
    "#",
  ],
];

/** What a request was made of. */
interface Input {
  request: Request;
  /** The tokens in its slots. */
  tokens: readonly string[];
}

/**
 * Fuzzes the slots of tokens and the targets behind them until the deadline, in a gateway without sockets.
 * What is forwarded must have had a token that was minted for it, and the one key of its rule.
 *
 * @param random decides every input
 * @param over whether the time is up
 */
export async function fuzzTokenSlots(random: Random, over: () => boolean): Promise<FuzzResult> {
  const tally = createTally("tokens in slots");
  const upstreams = Object.entries(KEYS).map(([url, key]) => {
    return { url: new URL(url), headers: [["Authorization", key]] as const };
  });
  while (!over()) {
    const gateway = gatewayUnderTest({ upstreams, now: () => NOW * 1000 });
    for (let i = 0; i < BATCH; i++) await tryOne(gateway, randomRequest(random), tally);
    for (const error of gateway.errors.splice(0)) tally.found("an internal error", String(error));
    await Bun.sleep(0);
  }
  return tally.result;
}

function randomRequest(random: Random): Input {
  for (;;) {
    const tokens = Array.from({ length: 1 + random.below(random.pick([1, 1, 3])) }, () =>
      anyToken(random),
    );
    const method = random.pick(METHODS);
    // Elsewhere a token is no token, and another one than the right one goes up.
    const slots = SLOTS.filter(({ methods = METHODS }) => methods.includes(method));
    const places = tokens.map((token) => random.pick(slots).place(token));
    const path = random.below(2)
      ? random.pick(PATHS)
      : mutateOften(random.pick(PATHS), random, 3, SNIPPETS);
    const origin = random.pick(["https://app.example", "https://evil.example"]);
    const extra = random.pick([
      {},
      { "x-api-key": "others" },
      { origin },
      { x_api_key: tokens[0]! },
      { "x-trace": `a ${tokens[0]!}` },
    ]);
    try {
      const request = placed(places, {
        path: path.startsWith("/") ? path : `/${path}`,
        method,
        headers: { ...extra },
      });
      return { request, tokens };
    } catch {
      // No header can hold it, or it is no URL.
    }
  }
}

function anyToken(random: Random): string {
  return random.pick([
    () => randomToken(random),
    () => mint({ now: NOW }),
    () => mint({ now: NOW, claims: { sw: { to: ["https://api.example.com/v1/"] } } }),
    () => mutateJson(randomToken(random), random),
    () => mint({ rawPayload: mutateJson(JSON.stringify(randomClaims(random)), random) }),
  ])();
}

async function tryOne(
  { send, fetched, resolved, records }: GatewayUnderTest,
  { request, tokens }: Input,
  tally: Tally,
): Promise<void> {
  tally.begin();
  const input = { url: request.url, method: request.method, headers: [...request.headers] };
  const response = await send(request, { remoteAddress: "10.1.2.3" });
  tally.count(String(response.status));
  const text = `${await response.text()}${JSON.stringify([...response.headers])}${JSON.stringify(records.splice(0))}`;
  if (response.status >= 500) tally.found(`status ${response.status}`, input);
  const sent = fetched.splice(0);
  if (sent.length !== (response.status === 200 ? 1 : 0))
    tally.found("forwarded and refused", input);
  if (resolved.splice(0).length > 0) tally.found("a name was looked up", input);
  const own = tokens.map(decode).filter(isOurs);
  for (const { upstream, request: outbound } of sent) {
    if (own.length === 0) tally.found("forwarded without a token", input);
    const { href } = upstream.url;
    const [rule, key] = Object.entries(KEYS).find(([url]) => href.startsWith(url)) ?? [];
    if (rule === undefined) tally.found(`forwarded to ${href}`, input);
    const headers = [...outbound.headers];
    const keys = headers.filter(([name]) =>
      /^(authorization|x.?(goog.)?(i.)?api.key|api.key)$/.test(name),
    );
    if (keys.length !== 1 || keys[0]?.[1] !== key)
      tally.found(`keys ${JSON.stringify(keys)}`, input);
    const all = href + JSON.stringify(headers);
    if (own.some((token) => all.includes(token))) tally.found("the token went up", input);
  }
  const signatures = own.map((token) => token.split(".")[2]!);
  if (signatures.some((signature) => text.includes(signature)))
    tally.found("the token came back", input);
}

/** A token as it is read from a query, which may have escapes, and from a URL, which loses some characters. */
function decode(token: string): string {
  const [text = ""] = token.replaceAll(/[\t\n\r]/g, "").split(/[#&]/, 1);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether the secret signed it, so that it is worth something. */
function isOurs(token: string): boolean {
  try {
    const [rawHeader, rawPayload] = token
      .split(".", 2)
      .map((part) => Buffer.from(part, "base64url"));
    const claims = JSON.parse(String(rawPayload)) as { iss?: unknown };
    // Node skips what is no base64url, so the whole text is compared.
    return (
      claims.iss === CREDENTIAL.id &&
      mint({ rawHeader: rawHeader!, rawPayload: rawPayload! }) === token
    );
  } catch {
    return false;
  }
}
