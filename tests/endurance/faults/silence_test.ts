import { afterAll, describe, expect, test } from "bun:test";
import { openSigned, startScripted } from "../../support/by_path.ts";
import { startGateway } from "../../support/gateway.ts";
import { parseResponse } from "../../support/raw_client.ts";
import { chunk } from "../../support/raw_upstream.ts";
import { waitFor } from "../../support/wait_for.ts";

const upstream = await startScripted();
const args = ["--upstream", upstream.url];
const patient = await startGateway({ args });
const impatient = await startGateway({ args: [...args, "--idle-timeout", "2"] });
const unlimited = await startGateway({ args: [...args, "--idle-timeout", "0"] });

afterAll(async () => {
  await Promise.all([patient.stop(), impatient.stop(), unlimited.stop()]);
  await upstream.stop();
});

// Five minutes are longer than what the runtime itself would wait, so they are worth a run by hand.
const SILENCES = process.env["SIGNWAY_LONG_TESTS"] ? [30, 300] : [30];

const FOREVER = (): Promise<never> => new Promise(() => {});
const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";
const STREAMS: [string, string][] = [
  ["an event stream", `${CHUNKED}Content-Type: text/event-stream\r\n\r\n`],
  ["another stream", `${CHUNKED}Content-Type: application/x-ndjson\r\n\r\n`],
];

describe("a stream stays while its upstream is silent", () => {
  const gateways = [
    ["the default", patient],
    ["0", unlimited],
  ] as const;
  const cases = STREAMS.flatMap(([what, head]) =>
    gateways.flatMap(([limit, gateway]) =>
      SILENCES.map((seconds) => [what, seconds, limit, gateway, head] as const),
    ),
  );
  test.concurrent.each(cases)(
    "%s for %i s, with --idle-timeout %s",
    async (_, seconds, __, gateway, head) => {
      const target = upstream.on(
        head + chunk("data: 1\n\n"),
        seconds * 1000,
        chunk("data: 2\n\n") + chunk(""),
      );
      using client = await openSigned(gateway, target);
      const body = (await client.response("GET", (seconds + 20) * 1000)).body.toString();
      expect(body.replace(/^:\n/gm, "")).toBe("data: 1\n\ndata: 2\n\n");
    },
    (SILENCES.at(-1)! + 30) * 1000,
  );

  test.concurrent.each(STREAMS)(
    "%s that is never silent for --idle-timeout",
    async (_, head) => {
      const steps = Array.from({ length: 6 }, (_, i) => [1000, chunk(`data: ${i}\n\n`)]).flat();
      using client = await openSigned(
        impatient,
        upstream.on(head + chunk("data: first\n\n"), ...steps, chunk("")),
      );
      const { body } = await client.response("GET", 30_000);
      expect(body.toString()).toContain("data: 5\n\n");
    },
    40_000,
  );
});

describe("a stream that is silent for longer than --idle-timeout is cut, and visibly", () => {
  const events = [0, 1, 3];
  const cases = STREAMS.flatMap(([what, head]) => events.map((n) => [what, n, head] as const));
  test.concurrent.each(cases)(
    "%s after %i events",
    async (_, count, head) => {
      const sent = Array.from({ length: count }, (_, i) => chunk(`data: ${i}\n\n`));
      const target = upstream.on(head, ...sent.flatMap((piece) => [piece, 200]), FOREVER);
      using client = await openSigned(impatient, target);
      await Promise.race([client.closed(20_000), client.response("GET", 20_000)]);
      const response = parseResponse(client.received(), true);
      // Before the head went out it can still be said; later only a break can say it.
      if (response) expect(response.status).toBe(504);
      else expect(client.received().toString()).toContain(count > 0 ? "data: 0" : ":\n");
      const record = await impatient.waitForRecord(({ upstream: url }) => url === target);
      expect(record).toMatchObject({
        code: "upstream_timeout",
        outcome: response ? "upstream_failed" : "upstream_truncated",
      });
      const { pathname } = new URL(target);
      const its = upstream.connections.filter(({ received }) =>
        received().includes(`GET ${pathname} `),
      );
      await waitFor("the upstream's end", () => its.every(({ ended }) => ended()));
    },
    40_000,
  );
});

test.concurrent(
  "a reader that is slow is not taken for a silent upstream",
  async () => {
    const size = 20_000_000;
    const target = upstream.on(
      `HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`,
      "x".repeat(size),
    );
    using client = await openSigned(impatient, target);
    client.socket.pause();
    await Bun.sleep(4000);
    client.socket.resume();
    expect((await client.response("GET", 30_000)).body).toHaveLength(size);
  },
  40_000,
);
