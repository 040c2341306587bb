// An edge function: an access token for a signed-in user of a Supabase project.
import { createClient } from "@supabase/supabase-js";
import { signToken } from "signway";

const secret = readVariable("SW_SECRET");
// Supabase itself sets these two.
const supabase = createClient(readVariable("SUPABASE_URL"), readVariable("SUPABASE_ANON_KEY"), {
  auth: { persistSession: false, autoRefreshToken: false },
});

const HEADERS = {
  "Cache-Control": "no-store",
  // Pages of any origin may ask: without a user's own JWT they get nothing.
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Headers": "authorization, apikey, content-type, x-client-info",
};

Deno.serve(async (request) => {
  if (request.method === "OPTIONS") return new Response(null, { headers: HEADERS });
  const subject = await findUser(request);
  if (!subject) return respond(401, { error: "Sign in first." });
  const to = ["POST https://api.openai.com/v1/chat/completions"];
  return respond(200, { token: await signToken({ id: "web", secret, subject, to, expires: 300 }) });
});

/** Supabase verifies the JWT that its client sends for the signed-in user. */
async function findUser(request: Request): Promise<string | undefined> {
  const [, jwt] = /^Bearer (.+)$/i.exec(request.headers.get("Authorization") ?? "") ?? [];
  if (!jwt) return undefined;
  const { data } = await supabase.auth.getUser(jwt);
  return data.user?.id;
}

function respond(status: number, body: object): Response {
  return Response.json(body, { status, headers: HEADERS });
}

function readVariable(name: string): string {
  const value = Deno.env.get(name);
  if (!value) throw new Error(`${name} has to be set`);
  return value;
}
