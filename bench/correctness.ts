import type { Peer } from "./peers/peer.ts";
import { upstreamAnswer } from "./peers/upstream.ts";
import { itemPath, signedPath, type Signer, tamper } from "./signed_urls.ts";

/** The item that is asked for, and the one that peers with a fixed target always ask for. */
const ITEM = 7;
export const FIXED_ITEM = 0;

/**
 * Asserts that a peer does the work that is about to be measured: a good URL gets the upstream's
 * answer, and whoever verifies injects the header and refuses what was not signed like this.
 *
 * @throws Error with the answer that was wrong
 */
export async function assertCorrect(peer: Peer, port: number, signer: Signer): Promise<void> {
  const good = await signedPath(ITEM, signer);
  const { status, text } = await get(port, good);
  if (status !== 200 || text !== expectedAnswer(peer)) {
    throw new Error(`${peer.name} answers a good URL with ${status} ${text}`);
  }
  if (peer.target !== "signed") return;
  for (const [what, bad] of Object.entries(await refusable(good, signer))) {
    const answer = await get(port, bad);
    if (answer.status >= 400 && answer.status < 500) continue;
    throw new Error(`${peer.name} answers ${what} with ${answer.status} ${answer.text}`);
  }
}

function expectedAnswer({ target }: Peer): string {
  const paths = { signed: itemPath(ITEM), fixed: itemPath(FIXED_ITEM), none: "/?" };
  return upstreamAnswer(paths[target].split("?")[0]!, target === "signed");
}

async function refusable(good: string, signer: Signer): Promise<Record<string, string>> {
  const anHourAgo = new Date(Date.now() - 3_700_000);
  return {
    "a changed signature": tamper(good),
    "a changed target": good.replace("0007", "0008"),
    "an expired URL": await signedPath(ITEM, { ...signer, now: anHourAgo }),
    "another secret": await signedPath(ITEM, { ...signer, secret: `${signer.secret}2` }),
    "another upstream": await signedPath(ITEM, { ...signer, upstreamPort: 9 }),
  };
}

async function get(port: number, path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { proxy: false });
  return { status: response.status, text: await response.text() };
}
