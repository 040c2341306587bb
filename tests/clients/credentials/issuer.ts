import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createLocalJWKSet, exportJWK, exportPKCS8, generateKeyPair, jwtVerify } from "jose";

const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** The secrets of the clients that the server knows. The second one has what a form has to encode. */
export const SECRETS = {
  "basic client": "canary: a secret+of/the%client&~=!",
  "post-client": "canary-of-a-secret-in-a-body+/=",
};

/** What the server does with a request for a token. */
export type Mood = "well" | "failing" | "redirecting" | "talking";

/** An authorization server, and an API that takes its tokens. */
export interface Issuer extends AsyncDisposable {
  tokenUrl: string;
  /** The origin of the API. */
  api: string;
  /** How many requests for tokens there were. */
  count: () => number;
  /** What it does from now on, and the life of tokens, in seconds. */
  behave: (mood: Mood, life?: number) => void;
  /** Revokes all tokens that the API has seen. */
  revokeSeen: () => Promise<void>;
  /** Makes a key with which assertions are signed from now on; the private key in PEM. */
  rotate: (algorithm: "RS256" | "ES256", kid: string) => Promise<string>;
}

interface TokenContext {
  body: unknown;
  oidc: { params: Record<string, string>; client: unknown };
}

interface AccessToken {
  save: () => Promise<string>;
  expiration: number;
}

interface IssuedToken {
  scope?: string;
  clientId: string;
  destroy: () => Promise<void>;
}

interface ProviderInstance {
  callback: () => (request: IncomingMessage, response: ServerResponse) => void;
  registerGrantType: (
    name: string,
    handler: (context: TokenContext) => Promise<void>,
    parameters: string[],
  ) => void;
  ClientCredentials: {
    new (token: { client: unknown; scope: string | undefined }): AccessToken;
    find: (value: string) => Promise<IssuedToken | undefined>;
  };
}

type ProviderClass = new (issuer: string, settings: object) => ProviderInstance;

// The package has no types.
const { default: Provider } = (await import("oidc-provider" as string)) as {
  default: ProviderClass;
};

/** Starts both, on the loopback address. */
export async function startIssuer(): Promise<Issuer> {
  const state = {
    mood: "well" as Mood,
    life: 3600,
    count: 0,
    keys: createLocalJWKSet({ keys: [] }),
  };
  const server = createServer((request, response) => {
    if (request.url !== "/token") return provider.callback()(request, response);
    state.count++;
    if (state.mood === "well") return provider.callback()(request, response);
    if (state.mood === "failing") response.writeHead(500).end("canary of an error");
    if (state.mood === "redirecting") response.writeHead(307, { location: "/other" }).end();
    if (state.mood === "talking") response.end('{"access_token":"canary"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(
    origin,
    settingsOf(() => state.life),
  );
  provider.registerGrantType(
    JWT_BEARER,
    async (context) => {
      const { assertion = "", scope } = context.oidc.params;
      const audience = `${origin}/token`;
      await jwtVerify(assertion, state.keys, {
        issuer: "jwt-client",
        subject: "jwt-client",
        audience,
      });
      const token = new provider.ClientCredentials({ client: context.oidc.client, scope });
      const value = await token.save();
      context.body = { access_token: value, token_type: "Bearer", expires_in: token.expiration };
    },
    ["assertion", "scope"],
  );
  const seen = new Set<string>();
  const api = startApi(provider, seen);
  return {
    tokenUrl: `${origin}/token`,
    api: `http://127.0.0.1:${api.port}`,
    count: () => state.count,
    behave(mood, life = 3600) {
      Object.assign(state, { mood, life });
    },
    async revokeSeen() {
      for (const value of seen) await (await provider.ClientCredentials.find(value))?.destroy();
    },
    async rotate(algorithm, kid) {
      const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
      state.keys = createLocalJWKSet({
        keys: [{ ...(await exportJWK(publicKey)), kid, alg: algorithm }],
      });
      return exportPKCS8(privateKey);
    },
    async [Symbol.asyncDispose]() {
      await api.stop(true);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function settingsOf(life: () => number): object {
  const client = (client_id: string, grant: string, method: string) => ({
    client_id,
    ...(client_id in SECRETS && { client_secret: SECRETS[client_id as keyof typeof SECRETS] }),
    grant_types: [grant],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: method,
  });
  return {
    clients: [
      client("basic client", "client_credentials", "client_secret_basic"),
      client("post-client", "client_credentials", "client_secret_post"),
      client("jwt-client", JWT_BEARER, "none"),
    ],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    scopes: ["api:read", "api:write"],
    ttl: { ClientCredentials: life },
  };
}

/** An API that tells whose token a request has, and refuses one that was revoked. */
function startApi(provider: ProviderInstance, seen: Set<string>) {
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const authorization = request.headers.get("authorization") ?? "";
      const value = authorization.replace(/^Bearer /, "");
      seen.add(value);
      const token = await provider.ClientCredentials.find(value);
      if (!token) return new Response("canary of a refusal", { status: 401 });
      return Response.json({ client: token.clientId, scope: token.scope });
    },
  });
}
