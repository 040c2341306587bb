// Serves the page, and POST /token: an access token for a signed-in user.
import { env } from "node:process";
import { signToken } from "signway";
import page from "./index.html";

const { SW_SECRET: secret, DEMO_PASSWORD: demoPassword } = env;
if (!secret) throw new Error("SW_SECRET has to be set");

/** Put your own session check here. Until then, the browser asks for the password in DEMO_PASSWORD. */
function findUser(request: Request): string | undefined {
  const [, basic] = /^Basic (.+)$/i.exec(request.headers.get("Authorization") ?? "") ?? [];
  const [user, password] = atob(basic ?? "").split(":");
  return password && password === demoPassword ? user : undefined;
}

async function createToken(request: Request): Promise<Response> {
  const headers = { "Cache-Control": "no-store", "WWW-Authenticate": "Basic" };
  const subject = findUser(request);
  if (!subject) return Response.json({ error: "Sign in first." }, { status: 401, headers });
  const token = await signToken({
    id: "web",
    secret: secret!,
    subject,
    to: ["POST https://api.openai.com/v1/audio/transcriptions"],
    origins: ["http://localhost:8000"],
    expires: 300,
  });
  return Response.json({ token }, { headers });
}

Bun.serve({ port: 8000, routes: { "/": page, "/token": { POST: createToken } } });
console.log("The page is on http://localhost:8000");
