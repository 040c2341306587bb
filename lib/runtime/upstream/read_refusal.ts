import type { IncomingMessage } from "node:http";
import { GatewayError } from "../../gateway/problem/gateway_error.ts";

/** The most bytes of its body that a client gets. */
const MAX_BODY = 64 * 1024;

const NO_BODY: readonly number[] = [204, 205, 304];

/**
 * Reads the answer of an upstream that refuses a handshake.
 *
 * @param answer with its body unread; its connection is closed
 * @returns the answer. The body has at most 64 kB: the rest of a longer one is left out
 * @throws GatewayError `upstream_broken`
 */
export async function readRefusal(answer: IncomingMessage): Promise<Response> {
  const { statusCode: status = 0, rawHeaders } = answer;
  if (status < 200 || status > 599) throw new GatewayError("upstream_broken", `status ${status}`);
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index]!, rawHeaders[index + 1]!);
  }
  // What is read has a length of its own, and no coding for its transfer.
  headers.delete("content-length");
  headers.delete("transfer-encoding");
  const body = await readBody(answer);
  return new Response(NO_BODY.includes(status) ? null : body, { status, headers });
}

async function readBody(answer: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      pieces.push(piece);
      size += piece.length;
      if (size >= MAX_BODY) break;
    }
  } catch {
    throw new GatewayError("upstream_broken", "the body ended early");
  } finally {
    answer.destroy();
  }
  return new Uint8Array(Buffer.concat(pieces).subarray(0, MAX_BODY));
}
