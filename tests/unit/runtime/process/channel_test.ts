import { describe, expect, test } from "bun:test";
import { Channel, type Message } from "../../../../lib/runtime/process/channel.ts";

type Server = { add: (a: number, b: number) => Promise<number>; log: (text: string) => void };
type Nothing = Record<never, never>;

/** Two ends of a connection; the messages between them are kept. */
function connect(server: Partial<Server>) {
  const sent: Message[] = [];
  const caller = new Channel<Server, Nothing>((message) => {
    sent.push(message);
    void callee.receive(structuredClone(message));
  }, {});
  const callee = new Channel<Nothing, Server>((message) => {
    sent.push(message);
    void caller.receive(structuredClone(message));
  }, server);
  return { caller, sent };
}

describe("Channel.request", () => {
  test("resolves to the result of the procedure that has its id", async () => {
    const delays = [20, 0];
    const add = async (a: number, b: number) => {
      await Bun.sleep(delays.shift() ?? 0);
      return a + b;
    };
    const { caller, sent } = connect({ add });
    const results = [caller.request("add", 1, 2), caller.request("add", 30, 40)];
    expect(await Promise.all(results)).toEqual([3, 70]);
    expect(sent.map(({ kind, id }) => [kind, id])).toEqual([
      ["call", 1],
      ["call", 2],
      ["response", 2],
      ["response", 1],
    ]);
  });

  test("resolves to undefined when the other process does not respond", async () => {
    const start = performance.now();
    expect(await connect({}).caller.request("add", 1, 2)).toBeUndefined();
    expect(performance.now() - start).toBeGreaterThan(1900);
  });

  test("resolves to undefined at once when the message cannot be sent", async () => {
    const channel = new Channel<Server, Nothing>(() => {
      throw new Error("closed");
    }, {});
    expect(await channel.request("add", 1, 2)).toBeUndefined();
  });

  test("resolves to undefined at once when the channel is closed", async () => {
    const { caller } = connect({});
    const result = caller.request("add", 1, 2);
    caller.close();
    expect(await result).toBeUndefined();
  });

  test("ignores a response that comes too late", async () => {
    const { caller } = connect({});
    await caller.receive({ kind: "response", id: 7, result: 1 });
    const result = caller.request("add", 1, 2);
    await caller.receive({ kind: "response", id: 1, result: 3 });
    await caller.receive({ kind: "response", id: 1, result: 4 });
    expect(await result).toBe(3);
  });
});

test("Channel.notify calls the procedure and gets no response", async () => {
  const logged: string[] = [];
  const { caller, sent } = connect({ log: (text) => void logged.push(text) });
  caller.notify("log", "a line");
  await Bun.sleep(0);
  expect(logged).toEqual(["a line"]);
  expect(sent).toEqual([{ kind: "call", name: "log", args: ["a line"] }]);
});

test("a response that can no longer be sent is dropped", async () => {
  const closed = () => {
    throw new Error("closed");
  };
  const channel = new Channel<Nothing, Server>(closed, { add: async (a, b) => a + b });
  const call: Message = { kind: "call", name: "add", args: [1, 2], id: 1 };
  expect(await channel.receive(call)).toBeUndefined();
});
