import { signToken, signUrl } from "../../lib/signing/mod.ts";
import { bundleExplainPage } from "../../build/explain_page.ts";
import page from "./page/index.html";
import realtimePage from "./page/realtime.html";

const HTML = "text/html;charset=utf-8";

/** An API, and the credential with which URLs and tokens for it are signed. */
export interface Signer {
  gateway: string;
  upstream: string;
  model: string;
  id: string;
  secret: string;
}

/** Starts a backend. It signs tokens and URLs for its users and serves its page; a backend needs no more. */
export function startBackend({ gateway, upstream, model, id, secret }: Signer) {
  const target = `${upstream}chat/completions`;
  // A real backend authenticates its user in both, and decides by itself how long a credential is valid.
  const handleToken = async (request: Request) => {
    const { expires, origins = pageOrigins(server.url) } = await request.json();
    const limits = { to: [`POST ${target}`], origins, seconds: 120 };
    return new Response(await signToken({ id, secret, subject: "visitor", expires, ...limits }));
  };
  // A session with this model alone, which the page can neither instruct nor make longer.
  const handleRealtimeToken = async (): Promise<Response> => {
    const to = [`GET ${upstream}realtime`];
    const policy = { models: [model], maxOutputTokens: 800, system: "Answer in a few words." };
    const limits = { to, origins: pageOrigins(server.url), seconds: 600, ...policy };
    return new Response(
      await signToken({ id, secret, subject: "visitor", expires: 600, ...limits }),
    );
  };
  const handleSign = async (request: Request) => {
    const { body, expires } = await request.json();
    const options = { gateway, id, secret, method: "POST", expires, body };
    return new Response(await signUrl(target, options));
  };
  let explainPage: Promise<string> | undefined;
  const handleExplain = async () => {
    explainPage ??= bundleExplainPage();
    return new Response(await explainPage, { headers: { "content-type": HTML } });
  };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    routes: {
      "/": page,
      "/realtime": realtimePage,
      "/explain": handleExplain,
      "/api": Response.json({ gateway, upstream, model }),
      "/realtime-token": { POST: handleRealtimeToken },
      "/token": { POST: handleToken },
      "/sign": { POST: handleSign },
    },
  });
  return server;
}

/** The page has the origin that its visitor typed. */
function pageOrigins({ origin, port }: URL): string[] {
  return [origin, `http://localhost:${port}`];
}
