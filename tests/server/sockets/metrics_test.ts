import { expect, test } from "bun:test";
import { freePort } from "../../support/free_port.ts";
import { metricsAt, sumOf } from "../../support/prometheus.ts";
import { startSocketStage } from "./socket_stage.ts";

test("metrics count open exchanges, messages and closes", async () => {
  const port = await freePort();
  await using stage = await startSocketStage({ top: { admin: `127.0.0.1:${port}` } });
  const samples = () => metricsAt(port);
  const { client, server } = await stage.open();
  await client.text("one");
  await client.text("two");
  await server.message();
  await server.message();
  await server.text("three");
  await client.message();
  expect(sumOf(await samples(), "signway_open_exchanges")).toBe(1);
  await client.close(4711);
  await server.closeFrame();
  await stage.gateway.waitForRecord(() => true);
  const ended = await samples();
  const name = "signway_websocket_messages_total";
  expect(sumOf(ended, name, { app: "test-app", direction: "in" })).toBe(2);
  expect(sumOf(ended, name, { direction: "out" })).toBe(1);
  expect(sumOf(ended, "signway_websocket_closes_total", { code: "other" })).toBe(1);
  expect(sumOf(ended, "signway_open_exchanges")).toBe(0);
  expect(sumOf(ended, "signway_bytes_total", { direction: "in" })).toBe(6);
});
