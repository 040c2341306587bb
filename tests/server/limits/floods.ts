import type { TokenOptions } from "../../../lib/signing/mod.ts";
import { waitFor } from "../../support/wait_for.ts";
import { ask, type CountingUpstream, freshToken, tally } from "./limited_server.ts";

/** How many requests a flood has. */
export const COUNT = 200;

/** What is flooded. */
export interface Flooded {
  /** The gateway of the next request. */
  next: () => { url: string };
  upstream: CountingUpstream;
}

/** What became of a flood. */
export interface FloodResult {
  /** How often each result came. */
  counts: Record<string, number>;
  /** How many requests reached the upstream. */
  forwarded: number;
}

/** Sends {@link COUNT} requests at once, with one token. */
export async function flood(
  { next, upstream }: Flooded,
  limits: Partial<TokenOptions>,
): Promise<FloodResult> {
  const token = await freshToken(limits);
  const before = upstream.counts.all;
  const asked = Array.from({ length: COUNT }, () => ask(next(), token, upstream));
  const answers = await Promise.all(asked);
  return { counts: tally(answers), forwarded: upstream.counts.all - before };
}

/**
 * Sends {@link COUNT} requests at once, with one token, and answers none until all but some are refused.
 *
 * @param flooded the gateways, and the upstream that holds its answers
 * @param token has that many places
 * @param places how many may be open
 * @returns how often each result came, and how many were open at once
 */
export async function floodPlaces(
  { next, upstream }: Flooded,
  token: string,
  places: number,
): Promise<Pick<FloodResult, "counts"> & { most: number }> {
  const release = upstream.hold();
  upstream.counts.most = 0;
  let refused = 0;
  const asked = Array.from({ length: COUNT }, async () => {
    const answer = await ask(next(), token, upstream);
    if (answer.result !== "200") refused++;
    return answer;
  });
  await waitFor("the refusals", () => refused === COUNT - places);
  release();
  return { counts: tally(await Promise.all(asked)), most: upstream.counts.most };
}
