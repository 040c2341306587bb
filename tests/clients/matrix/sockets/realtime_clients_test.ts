import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createAuthority } from "../../../support/certificates.ts";
import { CREDENTIAL } from "../../../support/gateway.ts";
import { granting } from "../../../support/minted.ts";
import { requirement } from "../../../support/requirement.ts";
import { type ConfiguredGateway, startConfigured } from "../../../support/configured_gateway.ts";
import { launchChromium } from "../../chromium.ts";
import { findNode } from "../runtimes.ts";
import {
  PROTOCOLS,
  type ProviderName,
  type RealtimeServer,
  startRealtimeServer,
} from "./realtime_servers.ts";

/** What each client is for, and the sub-protocols that its API is to see. */
const CLIENTS: readonly (readonly [client: string, api: ProviderName, protocols: RegExp])[] = [
  ["openai, GA", "openai", /^realtime$/],
  ["openai, beta", "openai", /^realtime, openai-beta.realtime-v1$/],
  ["openai, function as key", "openai", /^realtime$/],
  ["google live", "google", /^$/],
  ["deepgram, api key", "deepgram", /^(x-deepgram-session-id, [0-9a-f-]{36})?$/],
  ["deepgram, access token", "deepgram", /^(x-deepgram-session-id, [0-9a-f-]{36})?$/],
];
const BROWSER_CLIENTS: typeof CLIENTS = [
  ...CLIENTS,
  ["ai sdk", "openai", /^realtime$/],
  ["assemblyai", "assemblyai", /^$/],
  ["elevenlabs, agent", "elevenlabs", /^convai$/],
  ["elevenlabs, scribe", "elevenlabs", /^$/],
];

const APIS = Object.keys(PROTOCOLS) as ProviderName[];
const keyOf = (api: ProviderName) => `key-of-${api}`;
const servers = Object.fromEntries(
  APIS.map((api) => [api, startRealtimeServer(api, keyOf(api))]),
) as Record<ProviderName, RealtimeServer>;
const authority = await createAuthority();
const { certFile, keyFile } = await authority.issue();
const { id, secret } = CREDENTIAL;
let gateway: ConfiguredGateway;
let origin: string;

beforeAll(async () => {
  gateway = await startConfigured({
    tls_cert: certFile,
    tls_key: keyFile,
    app: [
      {
        id,
        secrets: [secret],
        upstream: APIS.map((api) => ({
          url: `${servers[api].origin}/`,
          ...(api === "google" && { provider: "google" as const }),
          headers: {
            [PROTOCOLS[api].header]: api === "openai" ? `Bearer ${keyOf(api)}` : keyOf(api),
          },
        })),
      },
    ],
  });
  origin = `https://127.0.0.1:${gateway.port}`;
});
afterAll(async () => {
  await gateway.stop();
  await authority[Symbol.asyncDispose]();
  for (const server of Object.values(servers)) server[Symbol.dispose]();
});

const tokenFor = (api: ProviderName) => granting({ to: [`${servers[api].origin}/`] });

// The backend of the app: it serves the page, and gives the AI SDK what it asks for.
const script = (target: "browser" | "node", entry: string) =>
  Bun.build({
    entrypoints: [`${import.meta.dirname}/inside/${entry}`],
    outdir: `${import.meta.dirname}/../.cache/sockets`,
    naming: `${target}.mjs`,
    target,
    packages: target === "node" ? "external" : "bundle",
  });
const PAGE = `<!doctype html><link rel="icon" href="data:,"><script type="module" src="browser.mjs"></script>`;
const site = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  routes: {
    "/": () => new Response(PAGE, { headers: { "content-type": "text/html" } }),
    "/browser.mjs": () =>
      new Response(Bun.file(`${import.meta.dirname}/../.cache/sockets/browser.mjs`)),
    "/token": () =>
      Response.json({
        token: tokenFor("openai"),
        url: `wss://127.0.0.1:${gateway.port}/v1/realtime?model=gpt-realtime`,
      }),
  },
});
afterAll(() => site.stop(true));

const situationOf = (api: ProviderName) => ({
  base: `${origin}/${servers[api].host}`,
  token: tokenFor(api),
  tokenUrl: `${site.url.origin}/token`,
});

function assertSeen(api: ProviderName, protocols: RegExp, from: number): void {
  const { handshakes } = servers[api];
  expect(handshakes.length).toBeGreaterThan(from);
  for (const { target, headers } of handshakes.slice(from)) {
    const all = JSON.stringify([target, headers]);
    // Nothing of the token, and no page.
    expect(all).not.toMatch(/eyJ|insecure-api-key|bearer\.|"origin"/);
    expect(headers["sec-websocket-protocol"] ?? "").toMatch(protocols);
    expect(headers[PROTOCOLS[api].header]).toEndWith(keyOf(api));
  }
}

const chromium = await launchChromium();
const node = await requirement("Node 22", () => findNode("node-22"));

describe("in headless Chromium", () => {
  test.skipIf("reason" in chromium)(
    "official clients talk through the gateway",
    async () => {
      if ("reason" in chromium) throw new Error(chromium.reason);
      await script("browser", "browser_talks.ts");
      const context = await chromium.value.newContext({ ignoreHTTPSErrors: true });
      const page = await context.newPage();
      await page.goto(`${site.url.origin}/`);
      await page.waitForFunction("typeof talk === 'function'");
      for (const [client, api, protocols] of BROWSER_CLIENTS) {
        const from = servers[api].handshakes.length;
        const argument = JSON.stringify([client, situationOf(api)]);
        const text = await page.evaluate(`talk(...${argument})`);
        expect([client, text]).toEqual([client, "Grüße"]);
        assertSeen(api, protocols, from);
      }
      await context.close();
      await chromium.value.close();
    },
    60_000,
  );
});

describe("in Node 22", () => {
  test.skipIf("reason" in node)(
    "official clients talk through the gateway",
    async () => {
      if ("reason" in node) throw new Error(node.reason);
      await script("node", "node_talks.ts");
      const situations = Object.fromEntries(
        CLIENTS.map(([client, api]) => [client, situationOf(api)]),
      );
      const counts = Object.fromEntries(APIS.map((api) => [api, servers[api].handshakes.length]));
      const path = `${import.meta.dirname}/../.cache/sockets/node.mjs`;
      const child = Bun.spawn([node.value, "--no-warnings", path], {
        env: {
          ...process.env,
          SITUATIONS: JSON.stringify(situations),
          NODE_EXTRA_CA_CERTS: authority.caFile,
        },
        stdout: "pipe",
        stderr: "pipe",
      });
      const [printed, complaints] = await Promise.all(
        [child.stdout, child.stderr].map((stream) => new Response(stream).text()),
      );
      expect(complaints).toBe("");
      expect(JSON.parse(printed!)).toEqual(
        Object.fromEntries(CLIENTS.map(([client]) => [client, "Grüße"])),
      );
      for (const api of APIS) {
        const all = JSON.stringify(servers[api].handshakes.slice(counts[api]));
        expect(all).not.toMatch(/eyJ|insecure-api-key|bearer\./);
      }
    },
    60_000,
  );
});
