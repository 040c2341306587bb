import { openSigned } from "../../support/by_path.ts";
import type { Gateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";

/** What a gateway was started with. */
export interface Limits {
  workers: number;
  /** Of `max_connections`, over all workers. */
  places: number;
  /** Of `max_unverified_bytes`, in each worker. */
  budget: number;
}

// Less than the gateway waits for the head of a response.
const PATIENCE_MS = 3000;

/**
 * Looks for what a run has left behind in a gateway that has nothing to do any more: places, and bytes of
 * the budget.
 *
 * @returns what was found
 */
export async function findRemains(gateway: Gateway, limits: Limits): Promise<string[]> {
  return [...(await findBytes(gateway, limits)), ...(await findPlaces(gateway, limits))];
}

/** A signed body as long as the whole budget is read, by whichever worker gets it. */
async function findBytes(gateway: Gateway, { budget, workers }: Limits): Promise<string[]> {
  await using upstream = await startUpstream([respond("ok")]);
  const body = Buffer.alloc(budget, "x");
  const found: string[] = [];
  for (let i = 0; i < 4 * workers; i++) {
    const options = { method: "POST", body, sign: { body } };
    const { status } = await signedExchange(gateway, `${upstream.url}/`, options);
    if (status !== 200) found.push(`a body of the whole budget got ${status} at the end`);
  }
  return found;
}

/** Of twice as many exchanges as there are places, exactly those run. */
async function findPlaces(gateway: Gateway, { places }: Limits): Promise<string[]> {
  await using silent = await startUpstream([]);
  const opening = Array.from({ length: 2 * places }, () => openSigned(gateway, `${silent.url}/`));
  const clients = await Promise.all(opening);
  const refused = () => clients.filter((client) => client.received().length > 0).length;
  try {
    await waitFor("the refusals", () => refused() >= places, PATIENCE_MS).catch(() => {});
    // One more would come at once.
    await Bun.sleep(200);
    const taken = 2 * places - refused();
    return taken === places ? [] : [`${taken} of ${places} places could be taken at the end`];
  } finally {
    for (const { socket } of clients) socket.destroy();
  }
}
