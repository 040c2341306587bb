import { cancelIfClientLeft, cancelWhenClientLeaves } from "./client_leaves.ts";
import { respond } from "./respond.ts";
import type { ResponseTransfer } from "./transfer.ts";

/**
 * Answers a request with a response of the embedding program instead of one of an upstream.
 *
 * @param transfer ends when the client leaves
 * @param response with its body unread
 * @throws GatewayError as `respond` does
 */
export async function respondHere(
  transfer: ResponseTransfer,
  response: Response,
): Promise<Response> {
  transfer.exchange.onLongRunning(() => cancelWhenClientLeaves(transfer));
  const answer = await respond(transfer, cancellable(response, transfer.cancel.signal));
  cancelIfClientLeft(transfer);
  return answer;
}

/** The body of an upstream breaks off when its request is cancelled. That of a program does not. */
function cancellable(response: Response, signal: AbortSignal): Response {
  const { body, status, headers } = response;
  if (!body) return response;
  return new Response(body.pipeThrough(new TransformStream(), { signal }), { status, headers });
}
