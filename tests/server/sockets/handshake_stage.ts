import { connect } from "../../support/raw_client.ts";
import type { HttpMessage } from "../../support/http_message.ts";
import { signedTarget } from "../../support/signed.ts";
import type { Answer } from "../../support/sockets/socket_upstream.ts";
import { type SocketStage, stageOfFile } from "./socket_stage.ts";

/** A stage whose upstream answers by the path of the handshake. */
export interface HandshakeStage extends SocketStage {
  /** The answers that are no plain 101, by path. */
  answers: Map<string, Answer>;
  /** A signed path of the gateway to a path of the upstream. */
  signed: (path?: string) => string;
  /** Sends a GET with these lines; the response, which is no 101. */
  refused: (path: string, lines: readonly string[]) => Promise<HttpMessage>;
}

/** Starts a stage whose app allows one page, and whose rule injects a key. */
export async function handshakeStage(): Promise<HandshakeStage> {
  const answers = new Map<string, Answer>();
  const pathOf = (startLine: string) => new URL(startLine.split(" ")[1]!, "http://u").pathname;
  const stage = await stageOfFile({
    app: { cors: { allow_origins: ["https://app.example"] } },
    rule: { headers: { Authorization: "Bearer upstream-key" } },
    answer: ({ startLine }) => answers.get(pathOf(startLine)) ?? {},
  });
  return {
    ...stage,
    answers,
    signed: (path = "/x") => signedTarget(stage.gateway.url, stage.upstream.url + path),
    async refused(path, lines) {
      const client = await connect(stage.gateway.port);
      await client.write(`${[`GET ${path} HTTP/1.1`, "Host: g", ...lines].join("\r\n")}\r\n\r\n`);
      const response = await client.response();
      client.socket.destroy();
      return response;
    },
  };
}
