import { granting } from "../../support/minted.ts";
import { type OpenSocket, openSocket } from "../../support/sockets/open_socket.ts";
import type { SocketPeer } from "../../support/sockets/socket_peer.ts";
import { type SocketStage, stageOfFile } from "./socket_stage.ts";

/** What the tokens of these tests grant. */
export const SW = {
  models: ["gpt-realtime*"],
  max_output_tokens: 800,
  system: "Speak French.",
};

/** Asks for the beta form. */
export const BETA = "Sec-WebSocket-Protocol: realtime, openai-beta.realtime-v1";

/** The query of a handshake that is granted. */
export const QUERY = "?model=gpt-realtime-2";

/** A session, and the message that the gateway sent by itself. */
export interface Session {
  client: OpenSocket;
  server: SocketPeer;
  own: Record<string, unknown>;
}

/** A stage whose upstream stands for OpenAI's realtime API. */
export interface RealtimeStage extends SocketStage {
  /** The path of a handshake with this behind `/v1/realtime`. */
  pathTo: (rest: string) => string;
  /** Opens a session with a token that grants this. Default: {@link SW} */
  openSession: (sw?: object, headers?: readonly string[]) => Promise<Session>;
}

/**
 * Starts the stage of a file.
 *
 * @param injected what its rule injects beside the key. Default: nothing
 */
export async function realtimeStage(injected: Record<string, string> = {}): Promise<RealtimeStage> {
  const stage = await stageOfFile({
    rule: { provider: "openai", headers: { Authorization: "Bearer k", ...injected } },
  });
  const { gateway, upstream } = stage;
  const pathTo = (rest: string) => `/127.0.0.1:${upstream.port}/v1/realtime${rest}`;
  return {
    ...stage,
    pathTo,
    async openSession(sw = SW, headers = []) {
      const authorization = `Authorization: Bearer ${granting(sw)}`;
      const client = await openSocket(gateway, pathTo(QUERY), [authorization, ...headers]);
      const server = await upstream.next();
      const own = JSON.parse((await server.message()).payload.toString());
      return { client, server, own };
    },
  };
}
