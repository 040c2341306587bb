import { describe, expect, test } from "bun:test";
import { signedTarget } from "../../support/signed.ts";
import { frame, OPCODE } from "../../support/sockets/frames.ts";
import { sendHandshake } from "../../support/sockets/open_socket.ts";
import { waitFor } from "../../support/wait_for.ts";
import { lastFrames, type SocketStage, startSocketStage } from "./socket_stage.ts";

// More than the buffers of the kernel take.
const SIZE = 40_000_000;
const LARGE = { max_message: 64 * 1024 * 1024 };

/** Stops a gateway whose client has closed behind a large message, of which the server that is returned reads nothing. */
async function stopBehindLastMessages({ open, gateway }: SocketStage) {
  const { client, server } = await open();
  server.socket.pause();
  await client.write(lastFrames(SIZE, 1000, true));
  await client.closeFrame();
  gateway.kill("SIGTERM");
  return server;
}

describe("a gateway that stops", () => {
  test.concurrent("lets a WebSocket go on, and refuses new ones", async () => {
    await using stage = await startSocketStage({ top: { drain: 30 } });
    const { gateway, upstream } = stage;
    const { client, server } = await stage.open();
    gateway.kill("SIGTERM");
    await waitFor("the stop", () => gateway.lines().find(({ msg }) => msg === "stopping"));
    await client.text("still");
    expect((await server.message()).payload.toString()).toBe("still");
    await server.text("here");
    expect((await client.message()).payload.toString()).toBe("here");
    const path = signedTarget(gateway.url, `${upstream.url}/`);
    const late = await sendHandshake(gateway, path).catch(() => undefined);
    if (late) await late.closed();
    expect(upstream.handshakes).toHaveLength(1);
    await client.close(1000, "done");
    expect(await gateway.exited).toBe(0);
    expect(gateway.records()).toMatchObject([{ outcome: "complete", close_code: 1000 }]);
  });

  test.concurrent("passes on the last messages of a client that has closed", async () => {
    await using stage = await startSocketStage({ top: { ...LARGE, drain: 30 } });
    const server = await stopBehindLastMessages(stage);
    await waitFor("the stop", () => stage.gateway.lines().find(({ msg }) => msg === "stopping"));
    server.socket.resume();
    expect((await server.message()).payload).toHaveLength(SIZE);
    expect((await server.closeFrame()).code).toBe(1000);
    server.socket.end();
    expect(await stage.gateway.exited).toBe(0);
    expect(stage.gateway.records()).toMatchObject([{ outcome: "complete", close_code: 1000 }]);
  });

  test.concurrent("records a client that has closed, after the drain time too", async () => {
    await using stage = await startSocketStage({ top: { ...LARGE, drain: 1 } });
    const server = await stopBehindLastMessages(stage);
    expect(await stage.gateway.exited).toBe(0);
    expect(stage.gateway.records()).toMatchObject([
      { outcome: "gateway_stopped", close_code: 1000, code: "draining" },
    ]);
    server.socket.resume();
  });

  test.concurrent("closes it with 1012 after the drain time", async () => {
    await using stage = await startSocketStage({ top: { drain: 1 } });
    const { client, server } = await stage.open();
    stage.gateway.kill("SIGTERM");
    expect(await client.closeFrame()).toEqual({ code: 1012, reason: "draining" });
    expect((await server.closeFrame()).code).toBe(1001);
    expect(await stage.gateway.exited).toBe(0);
    expect(stage.gateway.records()).toMatchObject([
      { outcome: "gateway_stopped", close_code: 1012, code: "draining" },
    ]);
  });

  test.concurrent("does not wait for a client that does not read", async () => {
    await using stage = await startSocketStage({ top: { drain: 1 } });
    const { client, server } = await stage.open();
    client.socket.pause();
    const bytes = frame(OPCODE.binary, Buffer.alloc(1_000_000));
    for (let count = 0; count < 20; count++) void server.write(bytes);
    stage.gateway.kill("SIGTERM");
    expect(await stage.gateway.exited).toBe(0);
    expect(stage.gateway.records()).toMatchObject([{ outcome: "gateway_stopped" }]);
    client.socket.destroy();
  });
});
