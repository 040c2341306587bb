import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { startConfigured } from "../../support/configured_gateway.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { connect, type RawClient } from "../../support/raw_client.ts";
import { chunk, respond, startUpstream, type Step } from "../../support/raw_upstream.ts";
import { requirement } from "../../support/requirement.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";
import { openSignedSocket } from "../../support/sockets/open_socket.ts";
import { startSocketUpstream } from "../../support/sockets/socket_upstream.ts";
import { waitFor } from "../../support/wait_for.ts";
import { documentedConfigs, type ProxyLanguage, startProxy } from "./documented_proxy.ts";

const LIMIT = 20_000;

const streamHead = (type: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`;

const PROXIES: { language: ProxyLanguage; program: string; places: string[] }[] = [
  { language: "nginx", program: "nginx", places: ["/", "/signway/"] },
  { language: "caddyfile", program: "caddy", places: ["/", "/signway/"] },
];

test("docs/reverse_proxy.md has a configuration at the root and one under a path for each proxy", async () => {
  for (const { language, places } of PROXIES) {
    const configs = await documentedConfigs(language);
    expect(configs.map((config) => config.includes("/signway/"))).toEqual(
      places.map((place) => place === "/signway/"),
    );
  }
});

for (const { language, program, places } of PROXIES) {
  const found = await requirement(`the Debian package ${program}`, async () => {
    if (!Bun.which(program)) throw new Error(`${program} is not in PATH`);
    return await Promise.resolve(program);
  });

  describe.skipIf("reason" in found).each(places)(`${program} with the gateway at %s`, (place) => {
    const started = new AsyncDisposableStack();
    let setting: Awaited<ReturnType<typeof start>>;

    beforeAll(async () => {
      setting = await start(started, language, places.indexOf(place), place);
    });

    afterAll(() => started.disposeAsync());

    const ask = async (target: string, method = "GET", body = ""): Promise<RawClient> => {
      const { proxy } = setting;
      const client = await connect(proxy.port);
      const signed = signedTarget(`http://127.0.0.1:${proxy.port}${place}`, target, { method });
      await client.write(requestBytes(method, signed, { body }));
      return client;
    };

    test.each(["text/event-stream", "application/x-ndjson"])(
      "%s arrives piece by piece",
      async (type) => {
        const { play } = setting;
        const pieces = ["data: first\n\n", "data: second\n\n", "data: third\n\n"];
        const gates = pieces.map(() => Promise.withResolvers<void>());
        const target = play(
          streamHead(type),
          ...pieces.flatMap((piece, index) => [chunk(piece), () => gates[index]!.promise]),
          chunk(""),
        );
        using client = await ask(target);
        for (const [index, piece] of pieces.entries()) {
          await waitFor(`piece ${index}`, () => client.received().includes(piece), LIMIT);
          // The head may end in `0` as well, but in no line of its own.
          const next = pieces[index + 1] ?? "\r\n0\r\n\r\n";
          expect(client.received().includes(next)).toBe(false);
          gates[index]!.resolve();
        }
        const { status, body } = await client.response("GET", LIMIT);
        expect(status).toBe(200);
        expect(body.toString()).toBe(pieces.join(""));
      },
    );

    test("a client that leaves takes the upstream's exchange with it", async () => {
      const { play, connectionOf } = setting;
      const target = play(streamHead("text/event-stream") + chunk("data: first\n\n"));
      using client = await ask(target);
      await waitFor("the first event", () => client.received().includes("data: first"), LIMIT);
      const connection = connectionOf(target);
      expect(connection?.ended()).toBeUndefined();
      client.socket.destroy();
      await waitFor("the upstream to see it", () => connection?.ended(), LIMIT);
    });

    test("an upload of 3 MB arrives", async () => {
      const { play, requestTo } = setting;
      const target = play(respond("taken"));
      const body = "0123456789".repeat(300_000);
      using client = await ask(target, "POST", body);
      expect((await client.response("POST", LIMIT)).body.toString()).toBe("taken");
      expect(requestTo(target)?.body.equals(Buffer.from(body))).toBe(true);
    });

    test("messages of a WebSocket pass both ways", async () => {
      const { proxy, sockets } = setting;
      const gateway = { url: `http://127.0.0.1:${proxy.port}${place}`, port: proxy.port };
      const client = await openSignedSocket(gateway, `${sockets.url}/`);
      const server = await sockets.next();
      await client.text("up");
      expect((await server.message()).payload.toString()).toBe("up");
      await server.text("down");
      expect((await client.message()).payload.toString()).toBe("down");
      client.socket.destroy();
      await server.closed();
    });

    test("an API hears no address, and a route's upstream none that the client made up", async () => {
      const { proxy, play, requestTo } = setting;
      const claimed = { headers: ["X-Forwarded-For: 203.0.113.9"] };
      const target = play(respond("api"));
      using client = await connect(proxy.port);
      const signed = signedTarget(`http://127.0.0.1:${proxy.port}${place}`, target);
      await client.write(requestBytes("GET", signed, claimed));
      expect((await client.response("GET", LIMIT)).status).toBe(200);
      expect(requestTo(target)?.all("x-forwarded-for")).toEqual([]);

      const { pathname } = new URL(play(respond("route")));
      using other = await connect(proxy.port);
      await other.write(requestBytes("GET", `${place}${pathname.slice(1)}?a=b`, claimed));
      expect((await other.response("GET", LIMIT)).body.toString()).toBe("route");
      const received = requestTo(pathname);
      expect(received?.startLine).toBe(`GET ${pathname}?a=b HTTP/1.1`);
      expect(received?.all("x-forwarded-for")).toEqual(["127.0.0.1, 127.0.0.1"]);
    });
  });
}

/** An upstream, a gateway and the documented proxy in front of it. */
async function start(
  started: AsyncDisposableStack,
  language: ProxyLanguage,
  which: number,
  place: string,
) {
  const scripts = new Map<string, Step[]>();
  const pathOf = (text: string): string =>
    new URL(text.split(" ").at(1) ?? text, "http://upstream").pathname;
  const upstream = started.use(
    await startUpstream(({ startLine }) => scripts.get(pathOf(startLine)) ?? []),
  );
  const sockets = started.use(await startSocketUpstream());
  const gateway = await startConfigured({
    public_path: place,
    app: [
      {
        id: CREDENTIAL.id,
        secrets: [CREDENTIAL.secret],
        upstream: [{ url: `${upstream.url}/` }, { url: sockets.url.replace("ws", "http") }],
      },
    ],
    route: [{ path: "/files/", upstream: upstream.url, signature: "none" }],
  });
  started.use(gateway);
  const config = (await documentedConfigs(language))[which] ?? "";
  const proxy = started.use(await startProxy(language, config, gateway.port));
  return {
    proxy,
    sockets,
    /** Keeps a script; the absolute URL that plays it. */
    play(...steps: Step[]): string {
      const path = `/files/${scripts.size}`;
      scripts.set(path, steps);
      return upstream.url + path;
    },
    /** What came for that URL or path. */
    requestTo: (url: string) =>
      upstream.requests.find(({ startLine }) => pathOf(startLine) === pathOf(url)),
    connectionOf: (url: string) =>
      upstream.connections.find((connection) =>
        connection.received().includes(`GET ${pathOf(url)} `),
      ),
  };
}
