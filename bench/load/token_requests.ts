import { signToken } from "../../lib/signing/mod.ts";
import type { Setup } from "../peers/peer.ts";
import type { WireRequest } from "./requests.ts";
import { itemPath } from "./signed_request.ts";

/**
 * Creates requests to different items, each with a token and an end user of its own.
 *
 * @param count how many
 * @param setup the credential and the upstream
 */
export async function createTokenRequests(
  count: number,
  { id, secret, upstream }: Pick<Setup, "id" | "secret" | "upstream">,
): Promise<WireRequest[]> {
  const { host } = new URL(upstream);
  const requests = Array.from({ length: count }, async (_, index): Promise<WireRequest> => {
    const subject = `user-${index}`;
    const to = [`GET ${upstream}/v1/`];
    const token = await signToken({ id, secret, subject, expires: 3600, to });
    return {
      target: `/${host}${itemPath(index)}`,
      headers: { Authorization: `Bearer ${token}` },
    };
  });
  return Promise.all(requests);
}
