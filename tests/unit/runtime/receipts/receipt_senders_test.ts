import { expect, test } from "bun:test";
import { SenderStage } from "./sender_stage.ts";

test("ReceiptSenders goes on after a message that could not be made", async () => {
  let calls = 0;
  const stage = new SenderStage(["web"], () => {
    if (calls++ === 0) throw new TypeError("broken");
    return Promise.resolve(undefined);
  });
  stage.queue("web");
  await stage.advance(500);
  expect([calls, stage.failures]).toEqual([1, ["it cannot be sent"]]);
  await stage.advance(2_000);
  stage.queue("web");
  await stage.advance(500);
  expect(calls).toBe(2);
  await stage.senders.stop();
});
