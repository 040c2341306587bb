import { afterAll, describe, expect, test } from "bun:test";
import { WebSocket } from "ws";
import { startGateway } from "../../support/gateway.ts";
import { signedTarget } from "../../support/signed.ts";
import { openSocket } from "../../support/sockets/open_socket.ts";
import { startSocketUpstream } from "../../support/sockets/socket_upstream.ts";
import { ROOT } from "../../support/root.ts";
import { examine } from "./examine.ts";
import { FRAME_CASES } from "./frame_cases.ts";
import { TEXT_CASES } from "./text_cases.ts";

const CASES = [...FRAME_CASES, ...TEXT_CASES];

/** An echo on the server of the runtime. */
const echo = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: (request, server) =>
    server.upgrade(request) ? undefined : new Response(null, { status: 400 }),
  websocket: {
    perMessageDeflate: false,
    message: (socket, message) => void socket.send(message),
  },
});
/** A server whose connections send the cases. */
const examiner = await startSocketUpstream();
const gateway = await startGateway({
  args: ["--upstream", echo.url.origin, "--upstream", examiner.url.replace("ws", "http")],
});
afterAll(async () => {
  await gateway.stop();
  await examiner[Symbol.asyncDispose]();
  await echo.stop(true);
});

/** Connects an echo of the runtime's client, and returns the side that sends the cases. */
async function echoingClient(url: string) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  socket.on("error", () => {});
  return await examiner.next();
}

type Difference = [id: string, difference: string];

async function differences(
  connect: () => Promise<Parameters<typeof examine>[1]>,
  isMasked: boolean,
): Promise<Difference[]> {
  const found: Difference[] = [];
  for (const it of CASES) {
    const difference = await examine(it, await connect(), isMasked);
    if (difference !== undefined) found.push([it.id, difference]);
  }
  return found;
}

const through = (target: string) => signedTarget(gateway.url, target);

/**
 * A message with a close right behind it. The runtime answers the close at once, and the echo of the message, which comes from
 * one hop further, is too late.
 */
const BEHIND_A_GATEWAY = ["7.1.1"];

describe("the cases of the Autobahn suite", () => {
  test("are passed by the gateway as a server, but one", async () => {
    const alone = await differences(() => openSocket({ port: echo.port! }, "/"), true);
    const behind = await differences(
      () => openSocket(gateway, through(`${echo.url.origin}/`)),
      true,
    );
    expect(alone).toEqual([]);
    expect(behind.map(([id]) => id)).toEqual(BEHIND_A_GATEWAY);
  }, 60_000);

  test("are passed by the gateway as a client, but one", async () => {
    const alone = await differences(() => echoingClient(examiner.url), false);
    const behind = await differences(
      () =>
        echoingClient(
          gateway.url.replace("http", "ws").replace(/\/$/, "") + through(`${examiner.url}/`),
        ),
      false,
    );
    expect(alone).toEqual([]);
    expect(behind.map(([id]) => id)).toEqual(BEHIND_A_GATEWAY);
  }, 60_000);
});

test("docs/reliability.md tells how many cases there are", async () => {
  const page = await Bun.file(`${ROOT}/docs/reliability.md`).text();
  const counts = Object.groupBy(CASES, ({ id }) => id.split(".")[0]!);
  for (const [section, cases] of Object.entries(counts)) {
    expect(page).toMatch(new RegExp(`^\\| ${section}\\b.*\\| +${cases!.length} \\|`, "m"));
  }
});
