import { expect, test } from "bun:test";
import { waitFor } from "../../../support/wait_for.ts";
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

test("ReceiptSenders reaches a backend within 2 s after a start beside a thousand that never answer", async () => {
  const silent = Array.from({ length: 1_000 }, (_, i) => `silent ${i}`);
  const taken: string[] = [];
  const sizes: number[] = [];
  const stage = new SenderStage([...silent, "other"], async ({ app, receipts }) => {
    sizes.push(receipts.length);
    if (app !== "other") await Promise.withResolvers().promise;
    taken.push(...receipts.map(() => app));
    return undefined;
  });
  for (const app of [...silent, "other"]) stage.queue(app, 120);
  await stage.advance(2_000);
  expect(taken).toEqual(Array.from({ length: 120 }, () => "other"));
  // All of them together hold no more than a hundred that are known.
  expect(Math.max(...sizes.slice(0, -2))).toBe(10);
  expect(sizes.slice(-2)).toEqual([100, 10]);
});

test("ReceiptSenders tries another backend during the pause after a failure", async () => {
  const tried: string[] = [];
  const stage = new SenderStage(["web"], async ({ to }) => {
    tried.push(to.url.hostname);
    return to.url.hostname === "moved.example" ? undefined : "status 500";
  });
  stage.queue("web");
  await stage.advance(225);
  stage.queue("web");
  await stage.advance(225);
  expect(tried).toEqual(["backend.example"]);
  stage.url = "https://moved.example/";
  stage.queue("web");
  await stage.advance(225);
  expect(tried).toEqual(["backend.example", "moved.example"]);
  await stage.senders.stop();
});

test("ReceiptSenders does not keep the pause of the backend before once another one takes receipts", async () => {
  const tried: string[] = [];
  const stage = new SenderStage(["web"], async ({ to }) => {
    tried.push(to.url.hostname);
    return to.url.hostname === "moved.example" ? undefined : "status 500";
  });
  const queueOne = async () => {
    stage.queue("web");
    await stage.advance(225);
  };
  await queueOne();
  await stage.advance(1_000);
  await queueOne();
  stage.url = "https://moved.example/";
  for (let i = 0; i < 3; i++) await queueOne();
  expect(tried).toEqual([
    ...["backend.example", "backend.example"],
    ...["moved.example", "moved.example", "moved.example"],
  ]);
  await stage.senders.stop();
});

test("ReceiptSenders tries again after a pause, also when the timer of the runtime fires early", async () => {
  let calls = 0;
  const stage = new SenderStage(["web"], async () => (calls++ === 0 ? "status 500" : undefined));
  stage.queue("web");
  await stage.advance(500);
  // The clock of the stage stands still meanwhile.
  await Bun.sleep(1_100);
  expect(calls).toBe(1);
  await stage.advance(1_000);
  await waitFor("the second try", () => calls === 2, 2_000);
  await stage.senders.stop();
});
