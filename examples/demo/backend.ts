import { signUrl } from "../../lib/signing/mod.ts";
import { bundleExplainPage } from "../../build/explain_page.ts";
import page from "./page/index.html";

const HTML = "text/html;charset=utf-8";

/** What it takes to sign for one API. */
export interface Signer {
  gateway: string;
  upstream: string;
  model: string;
  id: string;
  secret: string;
}

/** All that a backend has to do: sign a URL for whoever may have one, and serve its page. */
export function startBackend({ gateway, upstream, model, id, secret }: Signer) {
  const target = `${upstream}chat/completions`;
  const sign = async (request: Request) => {
    // A real backend asks here who is calling, and decides by itself for how long the URL holds.
    const { body, expires = 60 } = await request.json();
    const options = { gateway, id, secret, method: "POST", expires, body };
    return Response.json({ url: await signUrl(target, options) });
  };
  let explainPage: Promise<string> | undefined;
  const explain = async () => {
    explainPage ??= bundleExplainPage();
    return new Response(await explainPage, { headers: { "content-type": HTML } });
  };
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    routes: {
      "/": page,
      "/explain": explain,
      "/api": Response.json({ url: target, model }),
      "/sign": { POST: sign },
    },
  });
}
