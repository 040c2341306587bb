import { signToken } from "../../../lib/signing/mod.ts";
import { ANTHROPIC } from "../../support/providers/anthropic.ts";
import { GEMINI } from "../../support/providers/gemini.ts";
import { OPENAI } from "../../support/providers/openai.ts";
import { type FakeProvider, startProvider } from "../../support/providers/provider_server.ts";
import { type ConfiguredGateway, startConfigured } from "../../support/configured_gateway.ts";
import type { Api } from "./clients.ts";
import type { Situation } from "./inside/examine.ts";
import type { Run } from "./runs.ts";

/** The operator's keys. */
export const KEYS: Readonly<Record<Api, string>> = {
  openai: `sk-${crypto.randomUUID()}`,
  anthropic: `sk-ant-${crypto.randomUUID()}`,
  google: `AIza${crypto.randomUUID()}`,
};

/** The models that the clients ask for. */
const MODELS = ["gpt-test", "claude-test", "gemini-test"];

/** What a request at an API holds as credentials: the operator's key, and no token. */
export const CREDENTIALS: Readonly<Record<Api, Readonly<Record<string, string>>>> = {
  openai: { authorization: `Bearer ${KEYS.openai}` },
  anthropic: { "x-api-key": KEYS.anthropic },
  google: { "x-goog-api-key": KEYS.google },
};

/** The APIs, the gateway in front of them, and the backend that signs tokens. */
export interface Stage extends AsyncDisposable {
  gateway: ConfiguredGateway;
  providers: Readonly<Record<Api, FakeProvider>>;
  /** The origin of the backend, which also serves the pages. */
  site: string;
  situationOf: (run: Run) => Promise<Situation>;
}

/** Starts the APIs. */
export function startProviders(): Readonly<Record<Api, FakeProvider>> {
  return {
    openai: startProvider(OPENAI, { key: KEYS.openai }),
    anthropic: startProvider(ANTHROPIC, { key: KEYS.anthropic }),
    google: startProvider(GEMINI, { key: KEYS.google }),
  };
}

/** Starts all of it, with an app for each run, so that the gateway's log tells them apart. */
export async function startStage(runs: readonly Run[], pages: string): Promise<Stage> {
  const providers = startProviders();
  const secrets = new Map(runs.map(({ id }) => [id, crypto.randomUUID()]));
  const gateway = await startConfigured({
    app: runs.map(({ id, client: { api } }) => ({
      id,
      secrets: [secrets.get(id)!],
      upstream: [
        { url: `${providers[api].origin}/`, provider: api, headers: { ...CREDENTIALS[api] } },
      ],
    })),
  });
  // The ledger refuses tokens that count if they were signed before it knew every use.
  const isBorn = Bun.sleep(3000);
  const sign: Sign = (id, jti, more) =>
    signToken({ id, secret: secrets.get(id) ?? "", jti, ...more });
  const site = startSite(pages, sign);
  return {
    gateway,
    providers,
    site: site.url.origin,
    async situationOf({ id, client: { api } }) {
      await isBorn;
      const { origin, host } = providers[api];
      const to = [`${origin}/`];
      return {
        run: id,
        base: `${new URL(gateway.url).origin}/${host}`,
        token: await sign(id, "valid", { to }),
        expiredToken: await sign(id, "expired", { to, now: new Date(Date.now() - 3_600_000) }),
        guardedToken: await sign(id, "guarded", { to, models: MODELS }),
        otherModelToken: await sign(id, "other model", { to, models: ["granted-model"] }),
        usedUpToken: await sign(id, "used up", { to, models: MODELS, tokens: 10 }),
        tokenUrl: `${site.url}token/${id}`,
      };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([gateway.stop(), site.stop(true)]);
      for (const provider of Object.values(providers)) await provider[Symbol.asyncDispose]();
    },
  };
}

/** Signs a token of an app, with an id of the token's own. */
type Sign = (
  id: string,
  jti: string,
  more: Pick<Parameters<typeof signToken>[0], "expires" | "models" | "now" | "to" | "tokens">,
) => Promise<string>;

const PAGE = `<!doctype html><link rel="icon" href="data:,"><script type="module" src="client.mjs"></script>`;

/** A backend that serves a page for each client. The first token of each app is one for a few seconds. */
function startSite(pages: string, sign: Sign) {
  const signed = new Map<string, number>();
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    routes: {
      "/page/:entry/": () => new Response(PAGE, { headers: { "content-type": "text/html" } }),
      "/page/:entry/client.mjs": ({ params }) =>
        new Response(Bun.file(`${pages}/${params.entry}.mjs`)),
      "/token/:id": {
        POST: async ({ params: { id } }) => {
          const number = (signed.get(id) ?? 0) + 1;
          signed.set(id, number);
          return new Response(
            await sign(id, `renewed ${number}`, { expires: number === 1 ? 5 : 300 }),
          );
        },
      },
    },
  });
}
