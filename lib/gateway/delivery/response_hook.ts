import type { Hooks } from "../hooks.ts";
import type { Transfer } from "./transfer.ts";

/**
 * Passes an upstream's response through the hook of the program that embeds the gateway.
 *
 * @param onResponse the hook
 * @param response the upstream's, its body unread
 * @param transfer cancelled when the hook throws
 * @returns the response that goes to the client
 * @throws whatever the hook throws
 */
export async function applyResponseHook(
  onResponse: NonNullable<Hooks["onResponse"]>,
  response: Response,
  { admission, cancel, exchange }: Transfer,
): Promise<Response> {
  try {
    const replaced = await onResponse(admission.grant.principal.id, response);
    if (!replaced || replaced === response) return response;
    // It may be built around the upstream's body, which is free only when the exchange has ended.
    exchange.onEnd(() => discard(response));
    return withoutLength(replaced);
  } catch (error) {
    cancel.abort();
    throw error;
  }
}

/**
 * A hook's response without its `Content-Length`: copied with the headers of another response, it need
 * not be the length of this body.
 */
export function withoutLength(response: Response): Response {
  const { status, body } = response;
  if (status < 200 || !response.headers.has("content-length")) return response;
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  return new Response(body, { status, headers });
}

function discard({ body, bodyUsed }: Response): void {
  if (body && !bodyUsed && !body.locked) void body.cancel().catch(() => {});
}
