import type { Member } from "../peers/fleet.ts";
import type { WireRequest } from "./requests.ts";
import { tamper } from "./signed.ts";

/**
 * Asserts that a peer does the work that is about to be measured: a good request gets 200 and the
 * upstream's answer, and whoever verifies injects the header and refuses what was not signed like this.
 *
 * @param member who
 * @param good a request that it is going to be sent
 * @param refusable further requests that must be refused by whoever verifies
 * @throws Error with the answer that was wrong
 */
export async function assertCorrect(
  { peer, server }: Member,
  good: WireRequest,
  refusable: Readonly<Record<string, WireRequest>> = {},
): Promise<void> {
  const { status, text } = await send(server.port, good);
  const authorized = text.includes('"authorized":"yes"');
  if (status !== 200 || !text.includes('"authorized"') || authorized !== peer.verifies) {
    throw new Error(`${peer.name} answers a good request with ${status} ${text.slice(0, 500)}`);
  }
  if (!peer.verifies || peer.isKeyBased) return;
  for (const [what, bad] of Object.entries({ "a changed signature": tamper(good), ...refusable })) {
    const answer = await send(server.port, bad);
    if (answer.status >= 400 && answer.status < 500) continue;
    throw new Error(`${peer.name} answers ${what} with ${answer.status} ${answer.text}`);
  }
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
