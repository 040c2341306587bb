// POST /token: an access token for a signed-in user.
import { env } from "node:process";
import { type Context, Hono } from "hono";
import { getCookie } from "hono/cookie";
import { signToken } from "signway";

const { SW_SECRET: secret, DEMO_SESSION: demoSession } = env;
if (!secret) throw new Error("SW_SECRET has to be set");

/** Put your own session check here. Until then, the only session is the one in DEMO_SESSION. */
function findUser(context: Context): string | undefined {
  const session = getCookie(context, "session");
  return session && session === demoSession ? "user-1" : undefined;
}

const app = new Hono();

app.post("/token", async (context) => {
  context.header("Cache-Control", "no-store");
  const subject = findUser(context);
  if (!subject) return context.json({ error: "Sign in first." }, 401);
  const to = ["POST https://api.openai.com/v1/chat/completions"];
  return context.json({ token: await signToken({ id: "web", secret, subject, to, expires: 300 }) });
});

// What Bun serves. On Node, pass app.fetch to @hono/node-server.
export default { port: 8000, fetch: app.fetch };
