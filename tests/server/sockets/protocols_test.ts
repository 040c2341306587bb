import { describe, expect, test } from "bun:test";
import { parseHead } from "../../support/http_message.ts";
import { granting, mint } from "../../support/minted.ts";
import { HANDSHAKE, openSocket, sendHandshake } from "../../support/sockets/open_socket.ts";
import { waitFor } from "../../support/wait_for.ts";
import { handshakeStage } from "./handshake_stage.ts";
import { startSocketStage } from "./socket_stage.ts";

const { answers, gateway, refused, signed, upstream } = await handshakeStage();

const TOKEN = granting({});
const SECOND = granting({ concurrent: 5 });
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

describe("beside a token in Authorization", () => {
  const offer = async (offered: string) => {
    const before = upstream.handshakes.length;
    const client = await sendHandshake(gateway, `/127.0.0.1:${upstream.port}/beside`, [
      `Authorization: Bearer ${TOKEN}`,
      `Sec-WebSocket-Protocol: ${offered}`,
    ]);
    const head = await waitFor("an answer", () => parseHead(client.received()));
    client.socket.destroy();
    return { head, sent: upstream.handshakes.slice(before) };
  };

  test.each<[offered: string, up: string | undefined, told: string | undefined]>([
    ["token, own-key", undefined, "token"],
    ["Bearer, own-key", undefined, "Bearer"],
    ["a, token, own-key, b", "a, b", "token"],
    ["token, bearer, own-key", undefined, "bearer"],
    ["a, token", "a, token", undefined],
    [`a, ${OTHER}`, `a, ${OTHER}`, undefined],
  ])("the caller's own key does not go up: %s", async (offered, up, told) => {
    const { head, sent } = await offer(offered);
    expect(head.status).toBe(101);
    expect(sent.map((each) => each.all("sec-websocket-protocol"))).toEqual([up ? [up] : []]);
    expect(head.all("sec-websocket-protocol")).toEqual(told ? [told] : []);
  });

  test.each([`a, ${SECOND}`, SECOND, `a, own.${SECOND}`, `a, BEARER.${SECOND}`])(
    "another token as a sub-protocol is refused: %s",
    async (offered) => {
      const { head, sent } = await offer(offered);
      expect([head.status, head.all("x-sw-problem")]).toEqual([401, ["token_repeated"]]);
      expect(sent).toEqual([]);
    },
  );
});

test("a token as another sub-protocol beside a signed URL is refused", async () => {
  const refusal = await refused(signed(), [...HANDSHAKE, `Sec-WebSocket-Protocol: a, ${TOKEN}`]);
  expect([refusal.status, refusal.all("x-sw-problem")]).toEqual([401, ["token_repeated"]]);
});

test("without an injected credential the caller's own one goes up", async () => {
  await using plain = await startSocketStage();
  const { client } = await plain.openWith({}, undefined, [
    `Sec-WebSocket-Protocol: token, own-key, ${OTHER}`,
  ]);
  const [handshake] = plain.upstream.handshakes;
  expect(handshake!.all("sec-websocket-protocol")).toEqual([`token, own-key, ${OTHER}`]);
  client.socket.destroy();
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
