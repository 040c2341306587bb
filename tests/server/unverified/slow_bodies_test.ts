import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { connect, type RawClient } from "../../support/raw_client.ts";
import { chunk, startUpstream } from "../../support/raw_upstream.ts";
import { signedTarget } from "../../support/signed.ts";
import { problemOf, signedExchange } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";
import { headerSignature } from "../../support/header_signature.ts";
import { chunkedHead, openSession, startFlooded, wronglySigned } from "./flooded_gateway.ts";

const LIMITS = { max_duration: 60, upload_idle_timeout: 2, max_connections: 2 };
const slow = await startFlooded(LIMITS);
const short = await startFlooded({ ...LIMITS, max_duration: 3, upload_idle_timeout: 30 });
const unlimited = await startFlooded({ upload_idle_timeout: 0 });

afterAll(async () => {
  for (const gateways of [slow, short, unlimited]) await gateways[Symbol.asyncDispose]();
});

const STEP_MS = 250;
// Far more than any of these limits allows.
const MOST_STEPS = 120;

/** Goes on with a piece in each step until a response comes; how many steps that took. */
async function trickle(client: RawClient, piece: string): Promise<number> {
  const response = client.follow("POST");
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    if (response().message() || client.ended()) return steps;
    await client.write(piece);
    await Bun.sleep(STEP_MS);
  }
  throw new Error("the gateway still reads");
}

const wrong = wronglySigned(slow.plain.url, `${slow.upstream}/`);
const lengthHead = (path: string, length: number) =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`;
const toRoute = chunkedHead("/signed/x", [
  `Signature: ${headerSignature(["/signed/x", "another"])}`,
]);

describe("an unverified body that comes too slowly ends with 408:", () => {
  const expires = (seconds: number) =>
    chunkedHead(
      signedTarget(unlimited.plain.url, `${unlimited.upstream}/`, {
        method: "POST",
        body: "another",
        expires: seconds,
      }),
    );
  test.concurrent.each([
    ["a byte at a time, in chunks", slow, chunkedHead(wrong), chunk("x")],
    ["a byte at a time, of a large length", slow, lengthHead(wrong, 100_000), "x"],
    ["a byte at a time, of a small length", slow, lengthHead(wrong, 1000), "x"],
    ["a byte at a time, to a route", slow, toRoute, chunk("x")],
    ["steadily, for longer than max_duration", short, chunkedHead(wrong), chunk("x".repeat(2000))],
    ["steadily, until its URL expires", unlimited, expires(3), chunk("x".repeat(2000))],
  ])(
    "%s",
    async (_, gateways, head, piece) => {
      using client = await connect(gateways.plain.port);
      await client.write(head);
      expect(await trickle(client, piece)).toBeLessThan(MOST_STEPS / 2);
      const response = await client.response("POST");
      expect([response.status, problemOf(response)["code"]]).toEqual([408, "request_timeout"]);
    },
    60_000,
  );

  test.concurrent(
    "a byte at a time, over HTTP/2",
    async () => {
      const url = `https://127.0.0.1:${slow.tls.port}`;
      using session = openSession(slow.tls, slow.ca);
      const stream = session.open(wronglySigned(url, `${slow.upstream}/`));
      let status: number | undefined;
      stream.on("response", (headers) => (status = Number(headers[":status"])));
      const dripping = setInterval(() => stream.write("x"), STEP_MS);
      await waitFor("an answer", () => status, 30_000).finally(() => clearInterval(dripping));
      expect(status).toBe(408);
    },
    60_000,
  );
});

describe("unverified bodies take no place of max_connections:", () => {
  let clients: RawClient[] = [];

  beforeAll(async () => {
    clients = await Promise.all(Array.from({ length: 20 }, () => connect(short.plain.port)));
    for (const client of clients) await client.write(chunkedHead(wrong));
  });

  afterAll(() => clients.forEach(({ socket }) => socket.destroy()));

  test("honest requests are served, a signed body among them", async () => {
    for (let i = 0; i < 5; i++) {
      const sign = { body: "hello" };
      const options = { method: "POST", body: "hello", sign };
      const responses = [
        await signedExchange(short.plain, `${short.upstream}/`),
        await signedExchange(short.plain, `${short.upstream}/`, options),
      ];
      expect(responses.map(({ status }) => status)).toEqual([200, 200]);
    }
    expect(clients.filter((client) => client.ended())).toEqual([]);
  });
});

test("max_duration includes the time in which a signed body came", async () => {
  const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const ticks = Array.from({ length: 24 }, () => [chunk("tick"), STEP_MS]).flat();
  await using upstream = await startUpstream([head, ...ticks]);
  const args = ["--upstream", upstream.url, "--max-duration", "3"];
  await using gateway = await startGateway({ args });
  const body = "x".repeat(10);
  const path = signedTarget(gateway.url, `${upstream.url}/`, { method: "POST", body });
  using client = await connect(gateway.port);
  await client.write(chunkedHead(path));
  for (const piece of body) {
    await client.write(chunk(piece));
    await Bun.sleep(STEP_MS);
  }
  await client.write(chunk(""));
  await client.closed();
  const received = client.received().toString().split("tick").length - 1;
  // Counted anew, it would be time for twelve.
  expect(received).toBeGreaterThan(0);
  expect(received).toBeLessThan(8);
}, 30_000);
