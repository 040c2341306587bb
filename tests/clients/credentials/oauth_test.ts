import { afterAll, describe, expect, test } from "bun:test";
import type { ConfigInput } from "../../../lib/config/schema.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { granting } from "../../support/minted.ts";
import { plainExchange, problemOf } from "../../support/signed_exchange.ts";
import { sendHandshake } from "../../support/sockets/open_socket.ts";
import { waitFor } from "../../support/wait_for.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { SECRETS, startIssuer } from "./issuer.ts";

const issuer = await startIssuer();
const scopes = ["api:read", "api:write"];
const clientOf = (id: keyof typeof SECRETS, client_auth: "basic" | "post") => ({
  token_url: issuer.tokenUrl,
  grant: "client_credentials" as const,
  client_id: id,
  client_secret: SECRETS[id],
  client_auth,
  scopes,
});

/** A file with a rule for each client; the key of the third one is in it. */
function configWith(key: string, key_id: string): ConfigInput {
  const jwt = {
    ...{ token_url: issuer.tokenUrl, grant: "jwt_bearer" as const, client_id: "jwt-client" },
    ...{ key_file: key, key_id, scopes: ["api:read"] },
  };
  const clients = {
    basic: clientOf("basic client", "basic"),
    post: clientOf("post-client", "post"),
  };
  const upstream = Object.entries({ ...clients, jwt }).map(([name, oauth]) => ({
    url: `${issuer.api}/${name}/`,
    oauth,
  }));
  const other = { ...clients.basic, scopes: ["api:read"] };
  return {
    app: [{ id: CREDENTIAL.id, secrets: [CREDENTIAL.secret], upstream }],
    route: [{ path: "/route/", upstream: issuer.api, signature: "none", oauth: other }],
  };
}

const gateway = await startConfigured(configWith(await issuer.rotate("RS256", "first"), "first"));
afterAll(async () => {
  expect(gateway.stdout() + gateway.stderr()).not.toMatch(/canary|PRIVATE KEY|eyJ/);
  await gateway.stop();
  await issuer[Symbol.asyncDispose]();
});

const BEARER = `Authorization: Bearer ${granting({})}`;
const HOST = new URL(issuer.api).host;
const ask = (name: string) =>
  plainExchange(gateway, "GET", `/${HOST}/${name}/x`, { headers: [BEARER] });

const CLIENTS = [
  ["basic", "basic client", "api:read api:write"],
  ["post", "post-client", "api:read api:write"],
  ["jwt", "jwt-client", "api:read"],
] as const;

describe("an access token", () => {
  test.each(CLIENTS)(
    "of the client %s: one fetch for 200 who wait",
    async (name, client, scope) => {
      const before = issuer.count();
      const answers = await Promise.all(Array.from({ length: 200 }, () => ask(name)));
      const said = new Set(answers.map(({ body }) => body.toString()));
      expect([...said].map((text) => JSON.parse(text))).toEqual([{ client, scope }]);
      expect(issuer.count()).toBe(before + 1);
    },
  );

  test("of a route, and for a WebSocket's handshake", async () => {
    const routed = await plainExchange(gateway, "GET", "/route/x", {
      headers: ["Authorization: Bearer mine"],
    });
    expect(JSON.parse(routed.body.toString())).toMatchObject({ scope: "api:read" });
    const socket = await sendHandshake(gateway, `/${HOST}/basic/socket`, [BEARER]);
    expect(JSON.parse((await socket.response()).body.toString())).toMatchObject({
      client: "basic client",
    });
    socket.socket.destroy();
  });

  test("comes by another key after the key file has changed, and no request fails", async () => {
    const before = issuer.count();
    await gateway.reconfigure(configWith(await issuer.rotate("ES256", "second"), "second"));
    const answers = await Promise.all([ask("jwt"), ask("basic"), ask("jwt")]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(issuer.count()).toBe(before + 1);
  });
});

/** A gateway that has no token yet. */
const startEmpty = () =>
  startConfigured({
    app: [
      {
        id: CREDENTIAL.id,
        secrets: [CREDENTIAL.secret],
        upstream: [{ url: issuer.api, oauth: clientOf("basic client", "basic") }],
      },
    ],
  });

describe("a token endpoint", () => {
  test("is asked again ahead of the expiry, and no request fails", async () => {
    issuer.behave("well", 4);
    await using empty = await startEmpty();
    const before = issuer.count();
    const until = Date.now() + 6000;
    while (Date.now() < until) {
      const answer = await plainExchange(empty, "GET", `/${HOST}/x`, { headers: [BEARER] });
      expect(answer.status).toBe(200);
    }
    expect(issuer.count()).toBeGreaterThan(before + 1);
  });

  test.each([
    ["failing", "status 500"],
    ["redirecting", "status 307"],
    ["talking", "the answer has no bearer token"],
  ] as const)("that is %s: 502, in the log %s, and one attempt for all", async (mood, reason) => {
    issuer.behave(mood);
    await using empty = await startEmpty();
    const before = issuer.count();
    const answers = await Promise.all(
      Array.from({ length: 200 }, () =>
        plainExchange(empty, "GET", `/${HOST}/x`, { headers: [BEARER] }),
      ),
    );
    for (const answer of answers) {
      expect([answer.status, problemOf(answer)["code"]]).toEqual([502, "credential_unavailable"]);
      expect(answer.body.toString()).not.toContain("canary");
    }
    const warning = await waitFor("a warning", () =>
      empty.lines().find(({ credential }) => credential === `oauth ${issuer.tokenUrl}`),
    );
    expect(warning).toMatchObject({ code: "credential_unavailable", reason });
    // They may have come over more than a second, on a slow machine.
    expect(issuer.count() - before).toBeLessThan(5);
    issuer.behave("well");
    const isAnswered = async () => {
      const answer = await plainExchange(empty, "GET", `/${HOST}/x`, { headers: [BEARER] });
      return answer.status === 200;
    };
    // At most a second later the endpoint is asked again.
    while (!(await isAnswered())) await Bun.sleep(50);
    expect(empty.stdout()).not.toContain("canary");
  });
});
