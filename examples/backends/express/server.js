// POST /token: an access token for a signed-in user.
import { env } from "node:process";
import express from "express";
import { signToken } from "signway";

const { SW_SECRET: secret, DEMO_SESSION: demoSession } = env;
if (!secret) throw new Error("SW_SECRET has to be set");

/** Put your own session check here. Until then, the only session is the one in DEMO_SESSION. */
function findUser(request) {
  const [, session] = /(?:^|; *)session=([^;]+)/.exec(request.get("Cookie") ?? "") ?? [];
  return session && session === demoSession ? "user-1" : undefined;
}

const app = express();

app.post("/token", async (request, response) => {
  response.set("Cache-Control", "no-store");
  const subject = findUser(request);
  if (!subject) return response.status(401).json({ error: "Sign in first." });
  const to = ["POST https://api.openai.com/v1/chat/completions"];
  response.json({ token: await signToken({ id: "web", secret, subject, to, expires: 300 }) });
});

app.listen(8000);
