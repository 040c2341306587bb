import { afterAll, describe, expect, test } from "bun:test";
import { startConfigured } from "../../support/configured_gateway.ts";
import { SIGNED, signatureLine } from "../../support/header_signature.ts";
import { connect, type RawClient } from "../../support/raw_client.ts";
import { chunk, respond, type Step, startUpstream } from "../../support/raw_upstream.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";
import { plainExchange } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";

/** How long secrets are rotated, in seconds. SIGNWAY_LONG_TESTS asks for the whole minute. */
const DURATION = process.env["SIGNWAY_LONG_TESTS"] ? 60 : 10;
/** Between two events of the streams, in milliseconds. */
const BEAT = 100;
const EVENTS = (DURATION * 1000) / BEAT;
const SIGNERS = 4;
const ID = "rotating";

const upstream = await startUpstream(({ startLine }) =>
  startLine.includes("/stream") ? stream() : [respond("ok")],
);
const secretOf = (generation: number) => `the secret of generation ${generation}`;
const configOf = (...secrets: string[]) => ({
  app: [{ id: ID, secrets, upstream: [{ url: upstream.url }] }],
  route: [{ path: "/route/", upstream: upstream.url, signature: { ...SIGNED, secrets } }],
});
const gateway = await startConfigured(configOf(secretOf(0)));

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

function stream(): Step[] {
  const head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
  const events = Array.from({ length: EVENTS }, (_, i): Step[] => [chunk(eventOf(i)), BEAT]);
  return [`${head}Transfer-Encoding: chunked\r\n\r\n`, ...events.flat(), chunk("")];
}

function eventOf(number: number): string {
  return `data: ${number}\n\n`;
}

/** What a signer sends: to the app by a signed URL, to the route by a header. */
const REQUESTS = {
  app: (secret: string, path: string) => ({
    target: signedTarget(gateway.url, `${upstream.url}${path}`, { id: ID, secret }),
    headers: [] as string[],
  }),
  route: (secret: string, path: string) => ({
    target: `/route${path}`,
    headers: [signatureLine(`/route${path}`, "GET", { secret })],
  }),
};
type Way = keyof typeof REQUESTS;
const WAYS = Object.keys(REQUESTS) as Way[];

/** What each way answers to a secret that it does not, or no longer, know. */
const REFUSED: Readonly<Record<Way, number>> = { app: 400, route: 401 };

async function statusOf(way: Way, secret: string): Promise<number> {
  const { target, headers } = REQUESTS[way](secret, "/x");
  return (await plainExchange(gateway, "GET", target, { headers })).status;
}

async function openStream(way: Way): Promise<RawClient> {
  const { target, headers } = REQUESTS[way](secretOf(0), "/stream");
  const client = await connect(gateway.port);
  await client.write(requestBytes("GET", target, { headers }));
  await client.responseHead();
  return client;
}

/** How often each status came. */
type Tally = Record<string, number>;

/** Sends until it is told to stop, with the secret of the moment; counts what comes back. */
async function keepSending(tally: Tally, secret: () => string, stopped: () => boolean) {
  for (let i = 0; !stopped(); i++) {
    const way = WAYS[i % WAYS.length]!;
    const outcome = `${way} ${await statusOf(way, secret())}`;
    tally[outcome] = (tally[outcome] ?? 0) + 1;
    await Bun.sleep(10);
  }
}

describe("a secret is rotated under load", () => {
  test(
    `for ${DURATION} s: no valid request fails, each with a retired secret does, streams run on`,
    async () => {
      const streams = await Promise.all(WAYS.map(openStream));
      const [valid, retired]: [Tally, Tally] = [{}, {}];
      const deadline = performance.now() + (DURATION - 2) * 1000;
      let generation = 0;
      let stopped = false;
      const signers = Array.from({ length: SIGNERS }, () =>
        keepSending(
          valid,
          () => secretOf(generation),
          () => stopped,
        ),
      );
      const loaded: unknown[] = [];
      while (performance.now() < deadline) {
        const [before, next] = [secretOf(generation), secretOf(generation + 1)];
        for (const way of WAYS) expect(await statusOf(way, next)).toBe(REFUSED[way]);
        loaded.push((await gateway.reconfigure(configOf(before, next)))["changed"]);
        for (const way of WAYS) {
          expect(await statusOf(way, before)).toBe(200);
          expect(await statusOf(way, next)).toBe(200);
        }
        generation += 1;
        // Whoever signed with the old one before has long been answered.
        await Bun.sleep(300);
        loaded.push((await gateway.reconfigure(configOf(next)))["changed"]);
        const until = performance.now() + 300;
        await keepSending(
          retired,
          () => before,
          () => performance.now() > until,
        );
      }
      stopped = true;
      await Promise.all(signers);

      console.log(`rotation: ${generation} secrets retired, ${JSON.stringify({ valid, retired })}`);
      expect(generation).toBeGreaterThan(3);
      expect(Object.keys(valid).sort()).toEqual(["app 200", "route 200"]);
      expect(Object.keys(retired).sort()).toEqual(["app 400", "route 401"]);
      for (const changed of loaded) {
        expect(changed).toEqual([`app ${ID} changed`, "route /route/ changed"]);
      }
      expect(JSON.stringify(gateway.lines())).not.toContain("the secret of generation");

      const whole = Array.from({ length: EVENTS }, (_, i) => eventOf(i)).join("");
      for (const client of streams) {
        const response = await client.response("GET", 20_000);
        expect(response.status).toBe(200);
        expect(response.body.toString()).toBe(whole);
        client.socket.destroy();
      }
      const streamed = () =>
        gateway.records().filter((it) => String(it["upstream"]).endsWith("/stream"));
      const records = await waitFor("two records", () =>
        streamed().length === 2 ? streamed() : undefined,
      );
      expect(records.map(({ outcome }) => outcome)).toEqual(["complete", "complete"]);
    },
    (DURATION + 60) * 1000,
  );

  test("a file with a mistake changes nothing but the log", async () => {
    await gateway.reconfigure(configOf(secretOf(1)));
    const mistake = gateway.reconfigure(configOf(secretOf(2), " "));
    await expect(mistake).rejects.toThrow("configuration ignored");
    for (const way of WAYS) {
      expect(await statusOf(way, secretOf(1))).toBe(200);
      expect(await statusOf(way, secretOf(2))).toBe(REFUSED[way]);
    }
    expect(gateway.stdout()).not.toContain("the secret of generation");
  });
});
