import { describe, expect, test } from "bun:test";
import type { OauthClient } from "../../../../lib/gateway/model/access_tokens.ts";
import { GatewayError } from "../../../../lib/gateway/problem/gateway_error.ts";
import { fetchAccessToken } from "../../../../lib/runtime/credentials/access_token.ts";
import {
  createCredentialFetch,
  type CredentialRequest,
} from "../../../../lib/runtime/credentials/credential_request.ts";

const CLIENT: OauthClient = {
  tokenUrl: new URL("https://id.example/token"),
  grant: "client_credentials",
  clientId: "id",
  clientSecret: "secret",
  scopes: [],
};
const NOW = 1_000_000;

/** Fetches a token from an endpoint that gives this answer; what it was asked, and what came of it. */
async function fetchFrom(
  answer: object,
  client: Partial<OauthClient> = {},
  addresses = ["1.1.1.1"],
) {
  const requests: CredentialRequest[] = [];
  const sources = {
    async send(request: CredentialRequest) {
      requests.push(request);
      return JSON.stringify(answer);
    },
    resolve: async () => addresses,
    now: () => NOW,
  };
  const outcome = await fetchAccessToken({ ...CLIENT, ...client }, sources).catch(
    (error: GatewayError) => error.reason,
  );
  return { outcome, requests };
}

const TOKEN = { access_token: "one", token_type: "Bearer", expires_in: 60 };

describe("the answer of a token endpoint", () => {
  const none = "the answer has no bearer token";
  test.each<[string, object, unknown]>([
    ["a token", TOKEN, { value: "one", expiresAt: NOW + 60_000 }],
    ["a life as a text", { ...TOKEN, expires_in: "60" }, { value: "one", expiresAt: NOW + 60_000 }],
    [
      "no life",
      { access_token: "one", token_type: "bearer" },
      { value: "one", expiresAt: NOW + 300_000 },
    ],
    ["another type", { ...TOKEN, token_type: "DPoP" }, none],
    ["no type", { access_token: "one" }, none],
    ["an injected header", { ...TOKEN, access_token: "one\r\nX-Evil: 1" }, none],
    ["an empty token", { ...TOKEN, access_token: "" }, none],
    ["a negative life", { ...TOKEN, expires_in: -1 }, none],
    ["a list", [], none],
  ])("%s", async (_, answer, expected) => {
    expect((await fetchFrom(answer)).outcome).toEqual(expected as never);
  });
});

describe("the address of a token endpoint", () => {
  const url = (text: string) => ({ tokenUrl: new URL(text) });
  test.each<[string, Partial<OauthClient>, string[], string | undefined]>([
    ["a public one", {}, ["1.1.1.1"], "1.1.1.1"],
    ["a private one that the operator names", url("https://10.0.0.1/token"), [], undefined],
    ["loopback", url("http://localhost/token"), [], undefined],
    ["a private one that is allowed", { allowPrivate: true }, ["10.0.0.1"], undefined],
  ])("%s", async (_, client, addresses, address) => {
    const { requests } = await fetchFrom(TOKEN, client, addresses);
    expect(requests.map((request) => request.address)).toEqual([address]);
  });

  test.each([
    ["a private one", CLIENT.tokenUrl, "not a public address"],
    ["of a private name", new URL("https://id.internal/token"), "private host name"],
  ])("%s gets nothing", async (_, tokenUrl, reason) => {
    const { outcome, requests } = await fetchFrom(TOKEN, { tokenUrl }, ["10.0.0.1"]);
    expect([outcome, requests]).toEqual([reason, []]);
  });
});

test.each([
  ["not a key", "the key cannot be read"],
  ["-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "the key cannot be read"],
])("a key that cannot sign: %s", async (key, reason) => {
  const { outcome, requests } = await fetchFrom(TOKEN, { grant: "jwt_bearer", key });
  expect([outcome, requests]).toEqual([reason, []]);
});

describe("a request for a credential", () => {
  const url = new URL("https://id.example/token");
  const reasonOf = (answer: () => Promise<Response>, timeout?: number) =>
    createCredentialFetch(
      () => answer,
      timeout,
    )((send) => send({ method: "GET", url })).catch((error: GatewayError) => error.reason);

  test("ends when the answer takes too long, at any point", async () => {
    expect(await reasonOf(() => new Promise(() => {}), 10)).toBe("it took too long");
    const stalling = new Response(new ReadableStream({ pull: () => new Promise(() => {}) }));
    expect(await reasonOf(async () => stalling, 10)).toBe("it took too long");
  });

  test("and is not sent when a name was found too late", async () => {
    const { promise: addresses, resolve } = Promise.withResolvers<string[]>();
    let sent = 0;
    const fetchInTime = createCredentialFetch(
      () => async () => Response.json({ sent: ++sent }),
      10,
    );
    const fetching = fetchInTime((send) =>
      fetchAccessToken(CLIENT, { send, resolve: () => addresses, now: () => NOW }),
    );
    expect(await fetching.catch((error: GatewayError) => error.reason)).toBe("it took too long");
    resolve(["1.1.1.1"]);
    await Bun.sleep(10);
    expect(sent).toBe(0);
  });

  test("takes no answer that is too large", async () => {
    const large = new Response("x".repeat(2 ** 18 + 1));
    expect(await reasonOf(async () => large)).toBe("the answer is larger than 256 kB");
  });

  test.each([
    [302, "", "status 302"],
    [
      400,
      '{"error": "invalid_client", "error_description": "canary"}',
      "status 400, invalid_client",
    ],
    [500, '{"error": "Canary of an error"}', "status 500"],
  ])("with the answer %i %s: %s", async (status, body, reason) => {
    expect(await reasonOf(async () => new Response(body, { status }))).toBe(reason);
  });
});
