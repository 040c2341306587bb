/**
 * What Supabase answers when a function asks who the holder of a JWT is: `GET /auth/v1/user`, as in
 * https://supabase.com/docs/reference/self-hosting-auth/returns-the-user.
 *
 * @param anonKey the key of the project
 * @param userJwt the only JWT of a signed-in user
 */
export function startSupabaseAuth(anonKey: string, userJwt: string) {
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch({ url, headers }) {
      if (new URL(url).pathname !== "/auth/v1/user") return new Response(null, { status: 404 });
      if (headers.get("apikey") !== anonKey) {
        return Response.json({ message: "Invalid API key" }, { status: 401 });
      }
      if (headers.get("authorization") !== `Bearer ${userJwt}`) {
        const refusal = { code: 403, error_code: "bad_jwt", msg: "invalid JWT" };
        return Response.json(refusal, { status: 403 });
      }
      return Response.json({
        id: "user-1",
        aud: "authenticated",
        role: "authenticated",
        email: "user@example.com",
        app_metadata: { provider: "email", providers: ["email"] },
        user_metadata: {},
        identities: [],
        created_at: "2026-11-01T12:00:00Z",
      });
    },
  });
}
