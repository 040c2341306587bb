import { afterAll, describe, expect, test } from "bun:test";
import { APP_SCOPE } from "../../../../lib/gateway/ledger/forms/scope.ts";
import { chunk, respond } from "../../../support/raw_upstream.ts";
import { waitFor } from "../../../support/wait_for.ts";
import { EVENTS, headOf, received, SlowStore, Stages } from "./counted_stage.ts";

const stages = new Stages();

afterAll(() => stages[Symbol.asyncDispose]());

const PLAIN = headOf("text/plain");
const bytes = (limit: number) => ({ scope: APP_SCOPE, counter: "bytes", limit }) as const;

const event = (size: number, end = "\n\n") => `data: ${"x".repeat(size - 6 - end.length)}${end}`;
const EXHAUSTED =
  /^data: \{"error":\{"message":"[^"]+","type":"permission_error","code":"bytes_exhausted","param":null\}\}\n\n$/;

describe("bytes", () => {
  test.each([
    ["within the first block", 4_000, 5_000],
    ["of several blocks", 100_000, 200_000],
    ["that are just enough", 50_000, 50_000],
  ])("%s pass", async (_, size, limit) => {
    const body = "x".repeat(size);
    for (const steps of [
      [respond(body)],
      [PLAIN, ...(body.match(/.{1,3000}/g) ?? []).map(chunk), chunk("")],
    ]) {
      const { gateway } = await stages.start(steps, { demands: [bytes(limit)] });
      expect(await received(gateway)).toEqual({ status: 200, body, isWhole: true });
      await gateway.ended();
      expect(gateway.amounts()).toEqual({ bytes: [size, 0] });
    }
  });

  test.each([
    ["a short body", 6_000],
    ["a long one", 200_000],
    ["a very long one", 5_000_000],
  ])("%s with a length above what is left is refused before the head", async (_, size) => {
    const { gateway } = await stages.start([respond("x".repeat(size))], {
      demands: [bytes(5_000)],
    });
    const { status, body } = await received(gateway);
    expect([status, JSON.parse(body).code]).toEqual([403, "bytes_exhausted"]);
    expect(await gateway.ended()).toMatchObject({ outcome: "refused", code: "bytes_exhausted" });
    expect(gateway.amounts()).toEqual({});
  });

  test("of another body break off at the limit", async () => {
    const pieces = Array.from({ length: 10 }, () => chunk("x".repeat(1_000)));
    const { gateway } = await stages.start([PLAIN, ...pieces, chunk("")], {
      demands: [bytes(4_500)],
    });
    const { status, body, isWhole } = await received(gateway);
    expect([status, isWhole]).toEqual([200, false]);
    // The runtime may drop what it has not sent when the body breaks off.
    expect(body.length).toBeGreaterThan(0);
    expect(body.length).toBeLessThanOrEqual(4_500);
    expect(await gateway.ended()).toMatchObject({ outcome: "refused", code: "bytes_exhausted" });
    expect(gateway.amounts()).toEqual({ bytes: [4_500, 0] });
  });

  test.each([
    ["a piece each", 1_000],
    ["in pieces of other sizes", 333],
    ["all at once", 20_000],
  ])("of events, %s, end between two events", async (_, size) => {
    const text = event(1_000).repeat(10);
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
    const { gateway } = await stages.start(
      [EVENTS, ...pieces.flatMap((it) => [chunk(it), 2]), chunk("")],
      {
        demands: [bytes(4_500)],
      },
    );
    const { status, body, isWhole } = await received(gateway);
    expect([status, isWhole, body.slice(0, 4_000)]).toEqual([200, true, event(1_000).repeat(4)]);
    expect(body.slice(4_000)).toMatch(EXHAUSTED);
    expect(await gateway.ended()).toMatchObject({
      outcome: "refused",
      code: "bytes_exhausted",
      bytesOut: 4_000,
    });
    expect(gateway.amounts()).toEqual({ bytes: [4_000, 0] });
  });

  test("that are too few for the first event are refused before the head", async () => {
    const { gateway } = await stages.start([EVENTS, chunk(event(5_000)), chunk("")], {
      demands: [bytes(4_500)],
    });
    const { status, body } = await received(gateway);
    expect([status, JSON.parse(body).code]).toEqual([403, "bytes_exhausted"]);
    await gateway.ended();
    expect(gateway.amounts()).toEqual({});
  });

  test("of two streams are never more than the limit", async () => {
    const pieces = Array.from({ length: 20 }, () => [chunk("x".repeat(1_000)), 1]).flat();
    const { gateway } = await stages.start([PLAIN, ...pieces, chunk("")], {
      demands: [bytes(25_000)],
    });
    const bodies = await Promise.all([received(gateway), received(gateway)]);
    const total = bodies.reduce((sum, { body }) => sum + body.length, 0);
    expect(total).toBeLessThanOrEqual(25_000);
    // What the one has drawn and does not need is lost to the other, which ends before. How much that is depends on
    // how their pieces meet.
    expect(total).toBeGreaterThan(15_000);
    await waitFor("both ends", () => gateway.records.length === 2);
    const [settled, reserved] = gateway.amounts()["bytes"]!;
    expect([settled >= total, settled <= 25_000, reserved]).toEqual([true, true, 0]);
  });

  const thousands = Array.from({ length: 8 }, () => [chunk("x".repeat(1_000)), 5]).flat();

  test("wait for the store", async () => {
    const store = new SlowStore(() => Bun.sleep(5));
    const { gateway } = await stages.start([PLAIN, ...thousands, chunk("")], {
      demands: [bytes(40_000)],
      store,
    });
    const { body, isWhole } = await received(gateway);
    expect([body.length, isWhole]).toEqual([8_000, true]);
    expect(store.draws).toBeGreaterThan(0);
  });

  test("end when the store cannot be reached", async () => {
    const store = new SlowStore(() => Bun.sleep(5), true);
    const { gateway } = await stages.start([PLAIN, ...thousands, chunk("")], {
      demands: [bytes(40_000)],
      store,
    });
    const { body, isWhole } = await received(gateway);
    // The block of the reservation is an eighth of what is left.
    expect([isWhole, body.length <= 5_000]).toEqual([false, true]);
    expect(await gateway.ended()).toMatchObject({ code: "ledger_unavailable" });
  });
});

describe("an event that is too long", () => {
  const MIB = 1_048_576;
  const pieces = Array.from({ length: 9 }, (_, i) => (i ? "" : "data: ").padEnd(MIB, `${i}`));
  const long = pieces.map(chunk);
  const last = event(50);

  test.each([
    ["is the first", [EVENTS, ...long], ""],
    ["is a later one", [EVENTS + chunk(event(60)), 20, ...long], event(60)],
  ])("and %s passes as it comes", async (_, steps, first) => {
    const { gateway } = await stages.start([...steps, chunk(`\n\n${last}`), chunk("")], {
      demands: [bytes(100_000_000)],
    });
    const { status, body, isWhole } = await received(gateway);
    expect([status, isWhole]).toEqual([200, true]);
    expect(body.replace(/^(:\n)+/, "") === `${first}${pieces.join("")}\n\n${last}`).toBe(true);
    expect(gateway.amounts()).toEqual({ bytes: [first.length + 9 * MIB + 52, 0] });
  });

  test("breaks off where it may not go on, without an error in the middle of it", async () => {
    const { gateway, upstream } = await stages.start([EVENTS, ...long], {
      demands: [bytes(9 * MIB - 1000)],
    });
    const { body, isWhole } = await received(gateway);
    expect([isWhole, body.includes("bytes_exhausted")]).toEqual([false, false]);
    expect(await gateway.ended()).toMatchObject({ code: "bytes_exhausted" });
    await waitFor("the upstream's end", () => upstream.connections[0]!.ended());
  });
});
