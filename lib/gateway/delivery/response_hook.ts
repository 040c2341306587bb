import type { Hooks } from "../hooks.ts";
import type { Transfer } from "./transfer.ts";

/**
 * Passes an upstream's response through the hook of the program that embeds the gateway.
 *
 * @param onResponse the hook
 * @param response the upstream's response, with its body unread
 * @param transfer the transfer, which is cancelled when the hook throws
 * @returns the response to send to the client
 * @throws the error of the hook
 */
export async function applyResponseHook(
  onResponse: NonNullable<Hooks["onResponse"]>,
  response: Response,
  { admission, cancel, exchange }: Transfer,
): Promise<Response> {
  try {
    const replaced = await onResponse(admission.grant.principal.id, response);
    if (!replaced || replaced === response) return response;
    // It may use the upstream's body, which is therefore discarded only at the end of the exchange.
    exchange.onEnd(() => discard(response));
    return withoutLength(replaced);
  } catch (error) {
    cancel.abort();
    throw error;
  }
}

/**
 * A hook's response without its `Content-Length`. It may have been copied with the headers of another
 * response, and then need not be the length of this body.
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
