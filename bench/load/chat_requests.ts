import type { Peer, Setup } from "../peers/peer.ts";
import type { WireRequest } from "./requests.ts";
import { createSignedRequest } from "./signed_request.ts";

/** The path of chat completions at the upstream. */
export const CHAT_PATH = "/v1/chat/completions";

/** A request for a chat completion, whose body comes later. */
export type ChatHead = Omit<WireRequest, "body">;

/**
 * Creates requests for chat completions: each has a signed URL of its own, or the headers that callers of the peer send.
 *
 * @param count how many, at most 3,600
 * @param peer who gets them
 * @param setup the credential and the upstream
 */
export function createChatHeads(count: number, peer: Peer, setup: Setup): Promise<ChatHead[]> {
  const headers = { "Content-Type": "application/json", ...peer.callerHeaders?.(setup) };
  const targetOf = peer.callerHeaders ? async () => CHAT_PATH : signTarget(setup);
  const heads = Array.from({ length: count }, async (_, index) => ({
    method: "POST",
    target: await targetOf(index),
    headers,
  }));
  return Promise.all(heads);
}

function signTarget(setup: Setup) {
  return async (index: number): Promise<string> => {
    // A second apart, or all would have the same URL.
    const now = new Date(Date.now() - index * 1000);
    return (await createSignedRequest(CHAT_PATH, setup, { method: "POST", now })).target;
  };
}
