import { expect, test } from "bun:test";
import { ClientSocket, type ServerSocket } from "../../../../lib/runtime/clients/client_socket.ts";

/** A WebSocket of the server in which so many bytes wait. */
function openedSocket(waiting: number) {
  const calls: string[] = [];
  const server = {
    getBufferedAmount: () => waiting,
    close: () => calls.push("close"),
    terminate: () => calls.push("terminate"),
    pause: () => calls.push("pause"),
    resume: () => calls.push("resume"),
  };
  const socket = new ClientSocket(() => {});
  socket.opened(server as unknown as ServerSocket);
  socket.listen({
    onMessage: () => {},
    onHeartbeat: () => {},
    onDrain: () => calls.push("onDrain"),
    onClose: () => calls.push("onClose"),
  });
  const drain = (left: number) => {
    waiting = left;
    socket.drained();
  };
  return { socket, calls, drain };
}

test("a client has room again when all has left, not when some has", () => {
  const { calls, drain } = openedSocket(10);
  drain(5);
  expect(calls).toEqual([]);
  drain(0);
  expect(calls).toEqual(["onDrain"]);
});

test("a close frame goes out when all before it has left", () => {
  const { socket, calls, drain } = openedSocket(10);
  socket.close(1000);
  drain(5);
  expect(calls).toEqual([]);
  drain(0);
  expect(calls).toEqual(["close"]);
  socket.closed(1000, "");
});
