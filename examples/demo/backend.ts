import { signUrl } from "../../lib/signing/mod.ts";
import { bundleExplainPage } from "../../build/explain_page.ts";
import page from "./page/index.html";

const HTML = "text/html;charset=utf-8";

/** An API, and the credential with which URLs for it are signed. */
export interface Signer {
  gateway: string;
  upstream: string;
  model: string;
  id: string;
  secret: string;
}

/** Starts a backend. It signs URLs for its users and serves its page; a backend needs no more. */
export function startBackend({ gateway, upstream, model, id, secret }: Signer) {
  const target = `${upstream}chat/completions`;
  const handleSign = async (request: Request) => {
    // A real backend authenticates its user here, and decides by itself how long the URL is valid.
    const { body, expires = 60 } = await request.json();
    const options = { gateway, id, secret, method: "POST", expires, body };
    return Response.json({ url: await signUrl(target, options) });
  };
  let explainPage: Promise<string> | undefined;
  const handleExplain = async () => {
    explainPage ??= bundleExplainPage();
    return new Response(await explainPage, { headers: { "content-type": HTML } });
  };
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    routes: {
      "/": page,
      "/explain": handleExplain,
      "/api": Response.json({ url: target, model }),
      "/sign": { POST: handleSign },
    },
  });
}
