import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { granting } from "../../support/minted.ts";
import { waitFor } from "../../support/wait_for.ts";
import { createProvider } from "./oauth_provider.ts";
import { openClient, type Place } from "./open_client.ts";
import { KEY, node, type Stage, startStage } from "./stage.ts";

const SDKS = ["@modelcontextprotocol/sdk", "@modelcontextprotocol/client"] as const;

/** What a client meets, and its error by SDK. */
interface Case {
  title: string;
  path: string;
  /** Seconds since the token was signed. It lives for 300. */
  age: number;
  /** The status of the one request that is for the server, and the code of the gateway. */
  response: readonly [number, string | null];
  errors: readonly [older: RegExp, newer: RegExp];
  /** Requests of a client that can log in, and looks for a server to do so. */
  discovery: readonly string[];
}

const CASES: readonly Case[] = [
  {
    title: "an expired token",
    path: "/mcp",
    age: 600,
    response: [401, "token_expired"],
    errors: [/The token has expired\. Request a new one\./, /Unauthorized|HTTP 401/],
    discovery: [
      "GET /.well-known/oauth-protected-resource/…",
      "GET /.well-known/oauth-protected-resource",
      "GET /.well-known/oauth-authorization-server",
      "GET /.well-known/openid-configuration",
      "POST /register",
    ],
  },
  {
    title: "a server that refuses the operator's key",
    path: "/wrong_key",
    age: 0,
    response: [502, "credential_refused"],
    errors: [/The upstream refuses the operator's credential/, /HTTP 502/],
    discovery: [],
  },
  {
    title: "a server that asks for another scope",
    path: "/scope",
    age: 0,
    response: [403, null],
    errors: [/the words of the server/, /HTTP 403/],
    discovery: [],
  },
];
const ROWS = CASES.flatMap((it) =>
  SDKS.flatMap((sdk) =>
    ["header", "URL"].flatMap((slot) =>
      [false, true].map((canLogIn) => ({ ...it, sdk, slot, canLogIn })),
    ),
  ),
);

describe.skipIf("reason" in node)("a client of MCP that is refused", () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await startStage()), 60_000);
  afterAll(async () => {
    expect(stage.gateway.stdout() + stage.gateway.stderr()).not.toContain(KEY);
    await stage[Symbol.asyncDispose]();
  });

  test.each(ROWS)("$title: $sdk, token in the $slot, can log in: $canLogIn", async (row) => {
    const { sdk, path, slot, canLogIn, response, discovery } = row;
    const now = Math.floor(Date.now() / 1000) - row.age;
    const token = granting({ to: [`${stage.server}${path}`] }, { now });
    const isInUrl = slot === "URL";
    const place = { sdk, url: stage.at(path, isInUrl ? token : undefined) };
    const provider = canLogIn ? createProvider(isInUrl ? undefined : token) : undefined;
    const before = stage.gateway.records().length;
    const { requests, fetch } = counting();
    const connecting = openClient(
      { ...place, ...(!isInUrl && !canLogIn && { token }) },
      { fetch, ...(provider && { provider }) },
    );
    const error = await errorOf(connecting);

    const [first, ...others] = requests;
    expect([first?.status, first?.code]).toEqual([...response]);
    expect(first?.challenge).toBe(response[0] === 401 ? 'Bearer error="invalid_token"' : null);
    const expected = canLogIn ? discovery : [];
    expect(others.map(({ title }) => title)).toEqual([...expected]);
    for (const { status, code } of others)
      expect([status, code]).toEqual([400, "signature_missing"]);
    expect(provider?.steps ?? []).toEqual([]);
    if (expected.length > 0) expect(error.message).toMatch(/HTTP 400.*no access token/s);
    else expect(error.message).toMatch(row.errors[SDKS.indexOf(sdk)]!);

    const records = () => stage.gateway.records().slice(before);
    await waitFor("a record of each request", () => records().length >= requests.length);
    expect(records().map(({ status }) => status)).toEqual(requests.map(({ status }) => status));
  });

  test.concurrent.each(SDKS)(
    "%s stops to ask when the token expires during a session",
    async (sdk) => {
      const sw = { to: [`${stage.server}/brief`] };
      let token = granting(sw);
      const errors: string[] = [];
      const { requests, fetch } = counting(() => token);
      const onError = ({ message }: Error) => void errors.push(message);
      const place: Place = { sdk, url: stage.at("/brief") };
      const client = await openClient(place, { fetch, onError });
      expect(await client.call("echo", { text: "in time" })).toBe("in time");
      token = granting(sw, { now: Math.floor(Date.now() / 1000) - 600 });
      // The gateway cuts the silent stream every two seconds, until the client may not open it again.
      const ended = "Maximum reconnection attempts (2) exceeded.";
      await waitFor("the client to give up", () => errors.includes(ended));
      const refused = () => requests.filter(({ status }) => status === 401);
      const refusedGet = { method: "GET", code: "token_expired" };
      expect(refused()).toMatchObject([refusedGet, refusedGet]);
      const late = await errorOf(client.call("echo", { text: "late" }));
      expect(late.message).toContain("The token has expired. Request a new one.");
      expect(refused()).toHaveLength(3);
      await client.close();
    },
    30_000,
  );

  test.each(SDKS)("%s follows a redirect of the server through the gateway", async (sdk) => {
    const token = granting({ to: [`${stage.server}/`] });
    for (const place of [{ url: stage.at("/moved"), token }, { url: stage.at("/moved", token) }]) {
      const { requests, fetch } = counting();
      const client = await openClient({ sdk, ...place }, { fetch });
      expect(await client.call("echo", { text: "moved" })).toBe("moved");
      expect(requests.map(({ status }) => status)).toContain(307);
      await client.close();
    }
  });
});

/** What a promise is rejected with. */
async function errorOf(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    () => undefined,
    (reason: Error) => reason,
  );
  if (error === undefined) throw new Error("there was no refusal");
  return error;
}

interface SeenRequest {
  method: string;
  /** Method and path, without what names the target. */
  title: string;
  status: number;
  /** The gateway's own, if it refused. */
  code: string | null;
  challenge: string | null;
}

/**
 * A fetch that notes each request with its response.
 *
 * @param token goes into `Authorization`. Default: it stays as it is
 */
function counting(token?: () => string): { requests: SeenRequest[]; fetch: typeof fetch } {
  const requests: SeenRequest[] = [];
  const noted = async (...[input, init]: Parameters<typeof fetch>): Promise<Response> => {
    const sent = new Headers(init?.headers);
    if (token) sent.set("Authorization", `Bearer ${token()}`);
    const response = await fetch(input, { ...init, headers: sent });
    const { status, headers } = response;
    const method = init?.method ?? "GET";
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    const title = `${method} ${pathname.replace(/^(\/\.well-known\/[^/]+\/).*/, "$1…")}`;
    const challenge = headers.get("www-authenticate");
    requests.push({ method, title, status, code: headers.get("x-sw-problem"), challenge });
    return response;
  };
  return { requests, fetch: noted as typeof fetch };
}
