import { describe, expect, test } from "bun:test";
import { granting, mint } from "../../support/minted.ts";
import { openSocket } from "../../support/sockets/open_socket.ts";
import { handshakeStage } from "./handshake_stage.ts";

const { answers, gateway, upstream } = await handshakeStage();

const TOKEN = granting({});
const OTHER = mint({ claims: { iss: "https://elsewhere.example/" } });

describe("sub-protocols", () => {
  test.each<
    [offered: string, up: string | undefined, chosen: string | undefined, told: string | undefined]
  >([
    [`realtime, openai-insecure-api-key.${TOKEN}`, "realtime", "realtime", "realtime"],
    [
      `realtime, openai-insecure-api-key.${TOKEN}, openai-organization.org-1, openai-project.p`,
      "realtime",
      "realtime",
      "realtime",
    ],
    [
      `realtime, openai-insecure-api-key.${TOKEN}, openai-beta.realtime-v1`,
      "realtime, openai-beta.realtime-v1",
      "realtime",
      "realtime",
    ],
    [`token, ${TOKEN}`, undefined, undefined, "token"],
    [
      `bearer, ${TOKEN}, x-deepgram-session-id, s1`,
      "x-deepgram-session-id, s1",
      undefined,
      "bearer",
    ],
    [`convai, bearer.${TOKEN}`, "convai", "convai", "convai"],
    [`convai, bearer.${TOKEN}`, "convai", undefined, undefined],
    [`a, bearer, ${TOKEN}, b`, "a, b", "b", "b"],
    [`a, bearer.${TOKEN}, bearer.${OTHER}`, "a", undefined, undefined],
  ])("%s", async (offered, up, chosen, told) => {
    const path = `/p${Math.random()}`;
    answers.set(path, { ...(chosen !== undefined && { protocol: chosen }) });
    const before = upstream.received().length;
    const at = `/127.0.0.1:${upstream.port}${path}`;
    const { answer, socket } = await openSocket(gateway, at, [
      `Sec-WebSocket-Protocol: ${offered}`,
    ]);
    await upstream.next();
    const handshake = upstream.handshakes.at(-1)!;
    expect(handshake.all("sec-websocket-protocol")).toEqual(up === undefined ? [] : [up]);
    expect(answer.all("sec-websocket-protocol")).toEqual(told === undefined ? [] : [told]);
    const [, , signature = ""] = TOKEN.split(".");
    expect(upstream.received().slice(before)).not.toContain(signature);
    expect(handshake.all("authorization")).toEqual(["Bearer upstream-key"]);
    socket.destroy();
  });

  test.each(["access_token", "token", "single_use_token", "key", "X-Sw-Token"])(
    "a token in the query parameter %s does not go up",
    async (name) => {
      const path = `/127.0.0.1:${upstream.port}/q?a=1&${name}=${TOKEN}&b=2`;
      const { socket } = await openSocket(gateway, path);
      await upstream.next();
      expect(upstream.handshakes.at(-1)!.startLine).toBe("GET /q?a=1&b=2 HTTP/1.1");
      socket.destroy();
    },
  );

  test("a token in the path, and in Authorization", async () => {
    const own = granting({ to: [`http://127.0.0.1:${upstream.port}/`] });
    const one = await openSocket(gateway, `/~${own}/127.0.0.1:${upstream.port}/t`);
    await upstream.next();
    expect(upstream.handshakes.at(-1)!.startLine).toBe("GET /t HTTP/1.1");
    const two = await openSocket(gateway, `/127.0.0.1:${upstream.port}/t`, [
      `Authorization: Bearer ${own}`,
    ]);
    await upstream.next();
    expect(upstream.handshakes.at(-1)!.all("authorization")).toEqual(["Bearer upstream-key"]);
    one.socket.destroy();
    two.socket.destroy();
  });
});

test("no link of the upstream reaches the holder of a token with the answer", async () => {
  const links = ["Link: <https://upstream.example/>; rel=next", "Location: /elsewhere"];
  answers.set("/links", { headers: [...links, "X-Own: 1"] });
  const authorization = `Authorization: Bearer ${TOKEN}`;
  const path = `/127.0.0.1:${upstream.port}/links`;
  const { answer, socket } = await openSocket(gateway, path, [authorization]);
  const names = ["link", "location", "x-own"];
  expect(names.map((name) => answer.all(name))).toEqual([[], [], ["1"]]);
  socket.destroy();
});
