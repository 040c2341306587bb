import type { Member } from "../peers/fleet.ts";
import type { WireRequest } from "./requests.ts";
import { tamperSignature } from "./signed_request.ts";

/**
 * Asserts that a peer does the work that is about to be measured. A good request gets 200 and the
 * upstream's response. A peer that verifies injects the header, and refuses a request that was not
 * signed like this.
 *
 * @param member the peer
 * @param good a request that it is going to be sent
 * @param refused further requests that a verifying peer must refuse, by their descriptions
 * @throws Error with the response that was wrong
 */
export async function assertCorrect(
  { peer, server }: Member,
  good: WireRequest,
  refused: Readonly<Record<string, WireRequest>> = {},
): Promise<void> {
  const { status, text } = await send(server.port, good);
  const isAuthorized = text.includes('"authorized":"yes"');
  if (status !== 200 || !text.includes('"authorized"') || isAuthorized !== peer.verifies) {
    throw new Error(`${peer.name} answers a good request with ${status} ${text.slice(0, 500)}`);
  }
  if (!peer.verifies || peer.callerHeaders) return;
  const isSignedUrl = good.target.includes("X-Sw-Signature=");
  const bad = { ...(isSignedUrl && { "a changed signature": tamperSignature(good) }), ...refused };
  for (const [description, request] of Object.entries(bad)) {
    await assertRefused({ peer, server }, request, description);
  }
}

/**
 * Asserts that a peer refuses a request.
 *
 * @param member the peer
 * @param bad the request
 * @param description what is wrong with it
 * @throws Error with the response when it is not 4xx
 */
export async function assertRefused(
  { peer, server }: Pick<Member, "peer" | "server">,
  bad: WireRequest,
  description: string,
): Promise<void> {
  const { status, text } = await send(server.port, bad);
  if (status >= 400 && status < 500) return;
  throw new Error(`${peer.name} answers ${description} with ${status} ${text}`);
}

/**
 * Asserts that a peer speaks HTTP/2 to its upstream, once it has found out that it can.
 *
 * @throws Error when it still does not after two seconds
 */
export async function assertHttp2({ peer, server }: Member, good: WireRequest): Promise<void> {
  const deadline = Date.now() + 2_000;
  for (;;) {
    const { text } = await send(server.port, good);
    if (text.includes('"protocol":"HTTP/2.0"')) return;
    if (Date.now() > deadline) throw new Error(`${peer.name} speaks no HTTP/2: ${text}`);
    await Bun.sleep(20);
  }
}

async function send(port: number, { method = "GET", target, headers = {}, body }: WireRequest) {
  const url = `http://127.0.0.1:${port}${target}`;
  const response = await fetch(url, { method, headers, body: body ?? null, proxy: false });
  return { status: response.status, text: await response.text() };
}
