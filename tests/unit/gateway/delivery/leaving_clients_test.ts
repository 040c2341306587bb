import { afterAll, describe, expect, test } from "bun:test";
import { connect } from "../../../support/raw_client.ts";
import { chunk, respond, RST, type Step } from "../../../support/raw_upstream.ts";
import { requestBytes } from "../../../support/signed.ts";
import { waitFor } from "../../../support/wait_for.ts";
import type { CountedGateway } from "./counted_gateway.ts";
import {
  ANSWER,
  EVENT,
  EVENTS,
  LAST_EVENTS,
  REPORTED,
  settledIn,
  Stages,
  WHOLE,
} from "./counted_stage.ts";

const stages = new Stages();

afterAll(() => stages[Symbol.asyncDispose]());

describe("when the client leaves", () => {
  interface Leave {
    name: string;
    /** Before the client leaves. */
    before: Step[];
    /** Afterwards. */
    after: Step[];
    /** What the client has got by then. */
    got: string;
    charge: Record<string, unknown>;
    drain: Record<string, unknown>;
  }
  const rest = chunk(EVENT) + chunk(LAST_EVENTS) + chunk("");
  const MOMENTS: Leave[] = [
    {
      name: "at the head",
      before: [],
      after: [EVENTS + rest],
      got: "",
      charge: WHOLE,
      drain: REPORTED,
    },
    {
      name: "at the head of a body of JSON",
      before: [],
      after: [respond(ANSWER, { headers: ["Content-Type: application/json"] })],
      got: "",
      charge: WHOLE,
      drain: REPORTED,
    },
    {
      name: "before the first event",
      before: [EVENTS],
      after: [rest],
      got: "",
      charge: WHOLE,
      drain: REPORTED,
    },
    {
      name: "in the stream",
      before: [EVENTS + chunk(EVENT)],
      after: [rest],
      got: EVENT,
      charge: WHOLE,
      drain: REPORTED,
    },
    {
      name: "in the stream, whose upstream breaks off then",
      before: [EVENTS + chunk(EVENT)],
      after: [chunk(EVENT), RST],
      got: EVENT,
      charge: WHOLE,
      drain: WHOLE,
    },
    {
      name: "at the last event",
      before: [EVENTS + chunk(EVENT) + chunk(LAST_EVENTS)],
      after: [chunk("")],
      got: EVENT + LAST_EVENTS,
      charge: REPORTED,
      drain: REPORTED,
    },
  ];

  for (const onAbort of ["charge", "drain"] as const) {
    test.each(MOMENTS.map((it): [string, Leave] => [it.name, it]))(
      `%s, ${onAbort} charges what it should`,
      async (_, { before, after, got, ...expected }) => {
        const left = Promise.withResolvers<void>();
        const { gateway, upstream } = await stages.start(
          [...before, () => left.promise, ...after],
          {
            permits: { onAbort },
          },
        );
        const client = new AbortController();
        const text = followed(gateway, client.signal);
        await waitFor("the request", () => upstream.requests[0]);
        await waitFor("what comes before", () => text() === got);
        // A client that leaves is noticed when the exchange has lasted for a while.
        await Bun.sleep(60);
        client.abort();
        await waitFor("the gateway to notice", () => hasLeft(gateway));
        left.resolve();
        const record = await gateway.ended();
        expect(settledIn(gateway)).toEqual(expected[onAbort]);
        // SDKs leave at the last event, before the end of the body.
        expect(record.outcome).toBe(got.endsWith(LAST_EVENTS) ? "complete" : "client_gone");
        expect(gateway.errors).toEqual([]);
      },
    );
  }

  test("the place is kept until the upstream has ended, and no longer than idle_timeout", async () => {
    const { gateway } = await stages.start([EVENTS + chunk(EVENT)], {
      permits: { onAbort: "drain" },
      delivery: { idleTimeout: 0.3 },
    });
    const client = new AbortController();
    const text = followed(gateway, client.signal);
    await waitFor("the first event", () => text() === EVENT);
    client.abort();
    await waitFor("the gateway to notice", () => hasLeft(gateway));
    expect(gateway.records).toEqual([]);
    expect(gateway.amounts()).toMatchObject({ concurrent: [0, 1], tokens: [0, 600] });
    expect(await gateway.ended()).toMatchObject({ outcome: "client_gone" });
    expect(settledIn(gateway)).toEqual(WHOLE);
  });

  test("a rule overrides what the token says", async () => {
    const left = Promise.withResolvers<void>();
    const { gateway } = await stages.start([EVENTS + chunk(EVENT), () => left.promise, rest], {
      permits: { onAbort: "charge" },
      rule: { onAbort: "drain" },
    });
    const client = new AbortController();
    const text = followed(gateway, client.signal);
    await waitFor("the first event", () => text() === EVENT);
    client.abort();
    await waitFor("the gateway to notice", () => hasLeft(gateway));
    left.resolve();
    await gateway.ended();
    expect(settledIn(gateway)).toEqual(REPORTED);
  });

  test("a gateway that stops reads nothing to its end", async () => {
    let phase: "serving" | "cutting" = "serving";
    const { gateway } = await stages.start([EVENTS + chunk(EVENT)], {
      permits: { onAbort: "drain" },
      delivery: { phase: () => phase },
    });
    const client = new AbortController();
    const text = followed(gateway, client.signal);
    await waitFor("the first event", () => text() === EVENT);
    phase = "cutting";
    client.abort();
    expect(await gateway.ended()).toMatchObject({ outcome: "gateway_stopped" });
    expect(settledIn(gateway)).toEqual(WHOLE);
  });
});

describe.each(["charge", "drain"] as const)("%s: whatever becomes of the response", (onAbort) => {
  const POST = { method: "POST", body: "{}" };
  const ended = { outcome: "client_gone", status: 200 };

  test.each([
    ["soon", 0],
    ["after a while", 80],
  ])("the exchange ends when the client leaves %s", async (_, ms) => {
    const left = Promise.withResolvers<void>();
    const steps = [EVENTS + chunk(EVENT), () => left.promise, chunk("")];
    const { gateway } = await stages.start(steps, { permits: { onAbort } });
    const client = new AbortController();
    const request = new Request(`${gateway.url}/v1/chat/completions`, {
      ...POST,
      signal: client.signal,
    });
    const response = await gateway.handle(request);
    await Bun.sleep(ms);
    client.abort();
    left.resolve();
    expect(await gateway.ended()).toMatchObject(ended);
    expect([response.bodyUsed, settledIn(gateway)]).toEqual([false, WHOLE]);
  });

  test("the exchange ends when the client has left before there is a response", async () => {
    const client = new AbortController();
    const { gateway } = await stages.start([EVENTS + chunk(EVENT) + chunk("")], {
      permits: { onAbort },
      delivery: {
        async onResponse() {
          await Bun.sleep(80);
          client.abort();
          return new Response(new ReadableStream({ start: (it) => it.enqueue(Buffer.from("x")) }));
        },
      },
    });
    const request = new Request(`${gateway.url}/v1/chat/completions`, {
      ...POST,
      signal: client.signal,
    });
    const response = await gateway.handle(request);
    expect(await gateway.ended()).toMatchObject({ outcome: "client_gone" });
    expect([response.bodyUsed, settledIn(gateway)]).toEqual([false, WHOLE]);
  });

  test("the exchange ends when a socket closes between the first piece and the response", async () => {
    const starts = await Promise.all(
      Array.from({ length: 10 }, async (_, turns) => {
        const left = Promise.withResolvers<void>();
        const sent = Promise.withResolvers<void>();
        const { gateway, upstream } = await stages.start(
          [EVENTS, () => sent.promise, chunk(EVENT), () => left.promise, chunk("")],
          { permits: { onAbort } },
        );
        const client = await connect(Number(new URL(gateway.url).port));
        await client.write(requestBytes("POST", "/v1/chat/completions", { body: "{}" }));
        await waitFor("the request", () => upstream.requests[0]);
        await Bun.sleep(60);
        sent.resolve();
        for (let turn = 0; turn < turns; turn++) await new Promise((done) => setImmediate(done));
        client.socket.destroy();
        await waitFor("the gateway to notice", () => hasLeft(gateway));
        left.resolve();
        return gateway;
      }),
    );
    for (const gateway of starts) {
      expect(await gateway.ended()).toMatchObject({ outcome: "client_gone" });
      expect(settledIn(gateway)).toEqual(WHOLE);
    }
  });
});

/** Whether the exchange has ended, or its client is known to have left. */
function hasLeft({ records, transfers }: CountedGateway): boolean {
  return records.length > 0 || transfers[0]?.inbound.request.signal.aborted === true;
}

/** Reads a response until its client leaves; returns what has come so far. */
function followed(gateway: CountedGateway, signal: AbortSignal): () => string {
  let text = "";
  void (async () => {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", signal });
    for await (const piece of response.body!) text += Buffer.from(piece).toString();
  })().catch(() => {});
  return () => text;
}
