import { expect, test } from "bun:test";
import { connect, createServer, type AddressInfo } from "node:net";
import { mayBeConnected } from "../../../../lib/runtime/upstream/is_connected.ts";

test.each([
  ["127.0.0.1", "127.0.0.1", "127.0.0.1"],
  ["[::1]", "::1", "::1"],
  ["localhost", "127.0.0.1", "127.0.0.1"],
  ["[0:0:0:0:0:0:0:1]", "::1", "::1"],
  ["[::ffff:127.0.0.1]", "127.0.0.1", "::ffff:127.0.0.1"],
])("mayBeConnected tells of a connection to %s", async (name, listening, connecting) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, listening, resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://${name}:${port}/path`;
  expect(await mayBeConnected(url)).toBe(false);
  const socket = connect(port, connecting);
  await new Promise((resolve) => socket.once("connect", resolve));
  expect(await mayBeConnected(url)).toBe(true);
  expect(await mayBeConnected(`http://${name}:1/`)).toBe(false);
  socket.destroy();
  server.close();
});

test("mayBeConnected cannot rule it out for a name that is not resolved", async () => {
  expect(await mayBeConnected("http://name.invalid/")).toBe(true);
});
