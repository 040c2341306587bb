import { expect, test } from "bun:test";
import { parseToken } from "../../../lib/signing/verify.ts";
import { runSignway } from "../../support/run_signway.ts";

const env = { SW_ID: "web", SW_SECRET: "a long secret that nobody may ever see" };

test.each([
  ["wss://api.example.com/v1/realtime", "https://api.example.com/v1/realtime"],
  ["get wss://api.example.com/v1/", "GET https://api.example.com/v1/"],
  ["ws://127.0.0.1:8080/", "http://127.0.0.1:8080/"],
])(
  "signway token writes the target of a WebSocket as that of its handshake: %s",
  async (to, written) => {
    const { code, stdout, stderr } = await runSignway(["token", "--to", to], { env });
    expect([code, stderr]).toEqual([0, ""]);
    expect(parseToken(stdout.trim()).claims["sw"]).toEqual({ to: [written] });
  },
);
