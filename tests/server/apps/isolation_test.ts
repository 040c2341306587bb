import { afterAll, describe, expect, test } from "bun:test";
import { startConfigured } from "../../support/configured_gateway.ts";
import { headerSignature } from "../../support/header_signature.ts";
import { type RawUpstream, respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, problemOf, signedExchange } from "../../support/signed_exchange.ts";

const SECRETS = {
  red: "the secret of the red app, so long",
  blue: "the secret of the blue app, so long",
  alpha: "the secret of the route alpha",
  beta: "the secret of the route beta",
};
/** What the gateway adds; whoever gets one may call the API behind it. */
const KEYS = {
  red: "the key of red",
  blue: "the key of blue",
  alpha: "the key of alpha",
  beta: "the key of beta",
};
/** An app with two rules at one host. */
const BOTH = { id: "both", secret: "the secret of the app with two rules" };

type Name = keyof typeof SECRETS;

const north = await startUpstream(({ startLine }) =>
  startLine.includes("/away")
    ? [respond("", { status: "307 Temporary Redirect", headers: [`Location: ${south.url}/x`] })]
    : [respond("north")],
);
const south = await startUpstream([respond("south")]);
const UPSTREAMS: Readonly<Record<string, RawUpstream>> = { north, south };

/** Red may POST to the north, blue GET from the south; alpha reads the north, beta writes south. */
const gateway = await startConfigured({
  app: [
    {
      id: "red",
      secrets: [SECRETS.red],
      upstream: [
        { url: `${north.url}/v1/`, methods: ["POST"], headers: { Authorization: KEYS.red } },
      ],
    },
    {
      id: "blue",
      secrets: [SECRETS.blue],
      upstream: [
        { url: `${south.url}/v1/`, methods: ["GET"], headers: { "X-Api-Key": KEYS.blue } },
      ],
    },
    {
      id: BOTH.id,
      secrets: [BOTH.secret],
      upstream: [
        { url: `${north.url}/`, headers: { "X-Rule": "/" } },
        { url: `${north.url}/v1/`, headers: { "X-Rule": "/v1/" } },
      ],
    },
  ],
  route: [
    {
      path: "/alpha/",
      upstream: north.url,
      methods: ["GET"],
      headers: { Authorization: KEYS.alpha },
      signature: { scheme: "sasigning", secrets: [SECRETS.alpha], headers: ["Signature"] },
    },
    {
      path: "/beta/",
      upstream: south.url,
      methods: ["POST"],
      headers: { "X-Api-Key": KEYS.beta },
      signature: { scheme: "sasigning", secrets: [SECRETS.beta], headers: ["X-Beta-Signature"] },
    },
  ],
});

afterAll(async () => {
  await gateway.stop();
  for (const upstream of [north, south]) await upstream.stop();
});

/** What a caller might send to get another's key, or to pass for another. */
const CALLERS_OWN = ["Authorization: Bearer caller", "X-Api-Key: caller", "X_Api_Key: caller"];

/** Where each key goes: to one upstream, in one header. */
const BELONGS: Readonly<Record<Name, [upstream: string, header: string]>> = {
  red: ["north", "authorization"],
  blue: ["south", "x-api-key"],
  alpha: ["north", "authorization"],
  beta: ["south", "x-api-key"],
};

/** Sends, and says what came of it: the code of a refusal, or whose key went where. */
async function verdictOf(send: () => ReturnType<typeof plainExchange>): Promise<string> {
  const before = Object.values(UPSTREAMS).map(({ requests }) => requests.length);
  const response = await send();
  const arrived = Object.entries(UPSTREAMS).flatMap(([name, { requests }], i) =>
    requests.slice(before[i]).map((request) => ({ name, request })),
  );
  if (response.status !== 200) {
    expect(arrived).toEqual([]);
    return String(problemOf(response)["code"]);
  }
  expect(arrived).toHaveLength(1);
  const [{ name, request }] = arrived as [(typeof arrived)[number]];
  const owners = (Object.keys(KEYS) as Name[]).filter((it) => request.head.includes(KEYS[it]));
  for (const owner of owners) {
    const [, header] = BELONGS[owner];
    const alike = request.headers.filter(
      ([it]) => it.toLowerCase().replaceAll("_", "-") === header,
    );
    expect(alike.map(([, value]) => value)).toEqual([KEYS[owner]]);
  }
  return `${name} with the key of ${owners.join(" and ")}`;
}

const product = <A, B>(first: readonly A[], second: readonly B[]): [A, B][] =>
  first.flatMap((a) => second.map((b): [A, B] => [a, b]));

const NAMES = Object.keys(SECRETS) as Name[];
const METHODS = ["GET", "POST"] as const;

interface AppRow {
  id: string;
  secret: Name;
  upstream: string;
  method: string;
}

/** The two that are right; of the others, a wrong secret is told before a wrong target. */
function verdictOfApp({ id, secret, upstream, method }: AppRow): string {
  if (id === "red" && secret === "red" && upstream === "north" && method === "POST") {
    return "north with the key of red";
  }
  if (id === "blue" && secret === "blue" && upstream === "south" && method === "GET") {
    return "south with the key of blue";
  }
  if (id !== "red" && id !== "blue") return "app_unknown";
  return id === secret ? "target_not_allowed" : "signature_mismatch";
}

const APP_ROWS = product(
  product(["red", "blue", "alpha", "/alpha/"], NAMES),
  product(Object.keys(UPSTREAMS), METHODS),
).map(([[id, secret], [upstream, method]]) => {
  const row = { id, secret, upstream, method };
  return [`${id} by ${secret}, ${method} ${upstream}`, verdictOfApp(row), row] as const;
});

describe("an app reaches its own upstream with its own secret and method", () => {
  test.each(APP_ROWS)("%s: %s", async (_, verdict, { id, secret, upstream, method }) => {
    const send = () =>
      signedExchange(gateway, `${UPSTREAMS[upstream]!.url}/v1/x`, {
        method,
        headers: CALLERS_OWN,
        sign: { id, secret: SECRETS[secret] },
      });
    expect(await verdictOf(send)).toBe(verdict);
  });
});

interface RouteRow {
  path: string;
  secret: Name;
  header: string;
  method: string;
}

function verdictOfRoute({ path, secret, header, method }: RouteRow): string {
  const isAlpha = path === "/alpha/" && secret === "alpha" && header === "Signature";
  const isBeta = path === "/beta/" && secret === "beta" && header === "X-Beta-Signature";
  if (isAlpha && method === "GET") return "north with the key of alpha";
  if (isBeta && method === "POST") return "south with the key of beta";
  return isAlpha || isBeta ? "target_not_allowed" : "access_denied";
}

const ROUTE_ROWS = product(
  product(["/alpha/", "/beta/"], NAMES),
  product(["Signature", "X-Beta-Signature", "Api-Signature"], METHODS),
).map(([[path, secret], [header, method]]) => {
  const row = { path, secret, header, method };
  return [`${method} ${path} by ${secret} in ${header}`, verdictOfRoute(row), row] as const;
});

describe("a route is reached with its own secret, header and method", () => {
  test.each(ROUTE_ROWS)("%s: %s", async (_, verdict, { path, secret, header, method }) => {
    const signature = headerSignature([path, method], { secret: SECRETS[secret] });
    const headers = [`${header}: ${signature}`, ...CALLERS_OWN];
    expect(await verdictOf(() => plainExchange(gateway, method, path, { headers }))).toBe(verdict);
  });
});

describe("neither way leads into the other", () => {
  const sign = { id: "red", secret: SECRETS.red };

  test.each([
    ["a target beside the app's path", "north", "/v2/x", "target_not_allowed"],
    ["a target out of the app's path", "north", "/v1/%2e%2e%2fx", "target_not_allowed"],
    ["the route's path at the upstream", "north", "/alpha/", "target_not_allowed"],
    ["the gateway itself", "gateway", "/alpha/", "target_not_allowed"],
  ])("%s", async (_, upstream, path, verdict) => {
    const origin = UPSTREAMS[upstream]?.url ?? new URL(gateway.url).origin;
    const send = () => signedExchange(gateway, origin + path, { method: "POST", sign });
    expect(await verdictOf(send)).toBe(verdict);
  });

  test("an upstream's redirect to another is passed on and not followed", async () => {
    const before = south.requests.length;
    const target = `${north.url}/v1/away`;
    const response = await signedExchange(gateway, target, { method: "POST", sign });
    expect(response.status).toBe(307);
    expect(response.all("location")).toEqual([`${south.url}/x`]);
    expect(south.requests).toHaveLength(before);
  });
});

describe("two rules of one app at one host", () => {
  test.each(["/v1/x", "//v1/x", "///v1//x", "/v2/../v1/x", "/./v1/x", "/v1%2fx", "/v1/"])(
    "%s gets the key of the path that the upstream sees, or is refused",
    async (path) => {
      const before = north.requests.length;
      const response = await signedExchange(gateway, north.url + path, { sign: BOTH });
      for (const request of north.requests.slice(before)) {
        const seen = request.startLine.split(" ")[1]!;
        expect([seen, request.all("x-rule")]).toEqual([seen, [ruleOf(seen)]]);
      }
      expect([200, 400, 403]).toContain(response.status);
    },
  );

  const ruleOf = (seen: string) => (seen.startsWith("/v1/") ? "/v1/" : "/");
});

test("no key ever reached the upstream of another, and no secret any", () => {
  for (const [name, { connections, requests }] of Object.entries(UPSTREAMS)) {
    expect(requests.length).toBeGreaterThan(0);
    const bytes = connections.map(({ received }) => received().toString("latin1")).join();
    for (const owner of NAMES) {
      const [home] = BELONGS[owner];
      expect([name, owner, bytes.includes(KEYS[owner])]).toEqual([name, owner, home === name]);
      expect(bytes).not.toContain(SECRETS[owner]);
    }
  }
});
