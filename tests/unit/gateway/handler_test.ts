import { describe, expect, test } from "bun:test";
import { gatewayUnderTest, signed } from "./in_process_gateway.ts";

/** The frames of an error's stack that lie in a folder, asynchronous ones included. */
function framesIn(folder: string, { stack = "" }: Error): string[] {
  return stack.split("\n").filter((line) => line.includes(folder));
}

describe("a fetch that throws has at most five frames of the gateway on its stack", () => {
  test.each([
    ["at once", () => Promise.resolve()],
    ["later", () => Bun.sleep(1)],
  ])("%s", async (_, wait) => {
    let failure: Error | undefined;
    const gateway = gatewayUnderTest({
      answer: async () => {
        await wait();
        throw (failure = new Error("thrown by fetch"));
      },
    });
    expect((await gateway.send(signed())).status).toBe(500);
    expect(gateway.errors).toEqual([failure!]);
    const frames = framesIn("/lib/gateway/", failure!);
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.length).toBeLessThanOrEqual(5);
  });
});
