// POST /token: an access token for a signed-in user.
import type { NextRequest } from "next/server";
import { signToken } from "signway";

/** Put your own session check here. Until then, the only session is the one in DEMO_SESSION. */
function findUser(request: NextRequest): string | undefined {
  const session = request.cookies.get("session")?.value;
  return session && session === process.env.DEMO_SESSION ? "user-1" : undefined;
}

export async function POST(request: NextRequest): Promise<Response> {
  const headers = { "Cache-Control": "no-store" };
  const subject = findUser(request);
  if (!subject) return Response.json({ error: "Sign in first." }, { status: 401, headers });
  const token = await signToken({
    id: "web",
    secret: process.env.SW_SECRET!, // instrumentation.ts has checked it
    subject,
    to: ["POST https://api.openai.com/v1/chat/completions"],
    expires: 300,
  });
  return Response.json({ token }, { headers });
}
