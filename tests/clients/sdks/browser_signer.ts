import type { GetSignedUrl } from "../../../lib/signing/signed_fetch.ts";

/** A browser holds no secret: it asks the backend that served it. */
export const askBackend: GetSignedUrl = async (request) => {
  const { url: upstream, method } = request;
  const body = (await request.text()) || undefined;
  return await fetch("/sign", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ upstream, method, body }),
  });
};
