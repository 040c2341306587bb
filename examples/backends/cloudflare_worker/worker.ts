// POST /token: an access token for a signed-in user.
import { env } from "cloudflare:workers";
import { signToken } from "signway";

const { SW_SECRET: secret, DEMO_SESSION: demoSession } = env as Record<string, string | undefined>;
if (!secret) throw new Error("SW_SECRET has to be set");

/** Put your own session check here. Until then, the only session is the one in DEMO_SESSION. */
function findUser(request: Request): string | undefined {
  const [, session] = /(?:^|; *)session=([^;]+)/.exec(request.headers.get("Cookie") ?? "") ?? [];
  return session && session === demoSession ? "user-1" : undefined;
}

export default {
  async fetch(request) {
    const headers = { "Cache-Control": "no-store" };
    const { pathname } = new URL(request.url);
    if (pathname !== "/token") return new Response("Not found", { status: 404 });
    if (request.method !== "POST") return new Response("Use POST", { status: 405 });
    const subject = findUser(request);
    if (!subject) return Response.json({ error: "Sign in first." }, { status: 401, headers });
    const to = ["POST https://api.openai.com/v1/chat/completions"];
    const token = await signToken({ id: "web", secret, subject, to, expires: 300 });
    return Response.json({ token }, { headers });
  },
} satisfies ExportedHandler;
