import { afterAll, describe, expect, test } from "bun:test";
import { startScripted } from "../../support/by_path.ts";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { connect, type RawClient } from "../../support/raw_client.ts";
import { chunk, respond } from "../../support/raw_upstream.ts";
import { problemOf } from "../../support/signed_exchange.ts";
import { requestBytes, signedTarget, type SignedOptions } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";

const upstream = await startScripted();
const args = ["--upstream", upstream.url];
// Times are scaled: what is a minute for an operator is two seconds here.
const gateway = await startGateway({ args: [...args, "--upload-idle-timeout", "2"] });
const impatient = await startGateway({ args: [...args, "--head-timeout", "2"] });

afterAll(async () => {
  await Promise.all([gateway.stop(), impatient.stop()]);
  await upstream.stop();
});

const SECONDS = 14;
const STEP_MS = 250;

interface Upload {
  at: Gateway;
  size: number;
  sign?: SignedOptions;
  isChunked?: boolean;
}

async function begin({ at, size, sign, isChunked }: Upload, url: string): Promise<RawClient> {
  const client = await connect(at.port);
  const path = signedTarget(at.url, url, { method: "POST", ...sign });
  const headers = [isChunked ? "Transfer-Encoding: chunked" : `Content-Length: ${size}`];
  await client.write(requestBytes("POST", path, { headers }));
  return client;
}

/** Sends the body in equal steps over so many seconds. */
async function trickle(client: RawClient, body: string, seconds: number, isChunked = false) {
  const steps = (seconds * 1000) / STEP_MS;
  const size = Math.ceil(body.length / steps);
  for (let at = 0; at < body.length; at += size) {
    const piece = body.slice(at, at + size);
    await client.write(isChunked ? chunk(piece) : piece);
    await Bun.sleep(STEP_MS);
  }
  if (isChunked) await client.write(chunk(""));
}

describe("an honest slow upload is not cut", () => {
  const rates = [1, 8, 24];
  const cases = rates.flatMap((rate) => [false, true].map((chunked) => [rate, chunked] as const));
  test.concurrent.each(cases)(
    "%i kB/s, in chunks: %p",
    async (rate, isChunked) => {
      const body = "x".repeat(rate * 1000 * SECONDS);
      const url = upstream.on(respond("got it"));
      using client = await begin({ at: gateway, size: body.length, isChunked }, url);
      await trickle(client, body, SECONDS, isChunked);
      expect((await client.response("POST", 20_000)).body.toString()).toBe("got it");
      const request = upstream.requests.find(({ startLine }) =>
        startLine.includes(new URL(url).pathname + " "),
      );
      expect(request?.body).toHaveLength(body.length);
    },
    40_000,
  );

  test.concurrent(
    "1 kB/s with a signed body",
    async () => {
      const body = "x".repeat(1000 * SECONDS);
      const headers = { "content-length": String(body.length) };
      const url = upstream.on(respond("got it"));
      const sign = { body, headers };
      using client = await begin({ at: gateway, size: body.length, sign }, url);
      await trickle(client, body, SECONDS);
      expect((await client.response("POST", 20_000)).body.toString()).toBe("got it");
    },
    40_000,
  );

  // The wait for an answer begins when there is something to answer.
  test.concurrent.each([
    ["small", 5000],
    ["long", 100_000],
  ])(
    "a %s one that lasts longer than --head-timeout",
    async (_, size) => {
      const url = upstream.on(respond("got it"));
      using client = await begin({ at: impatient, size }, url);
      await trickle(client, "x".repeat(size), 4);
      expect((await client.response("POST", 20_000)).body.toString()).toBe("got it");
    },
    40_000,
  );
});

describe("an upload that stalls gets 408 after --upload-idle-timeout", () => {
  const SIGNED = { body: "x".repeat(1000), headers: { "content-length": "1000" } };
  test.concurrent.each<[name: string, upload: Omit<Upload, "at">, sent: string]>([
    ["a short one", { size: 1000 }, "x".repeat(10)],
    ["a short one from its start", { size: 1000 }, ""],
    ["a long one", { size: 100_000 }, "x".repeat(70_000)],
    ["one in chunks", { size: 0, isChunked: true }, chunk("part")],
    ["a signed one", { size: 1000, sign: SIGNED }, "x".repeat(10)],
  ])(
    "%s",
    async (name, upload, sent) => {
      const url = upstream.on(respond("taken for whole"));
      using client = await begin({ ...upload, at: gateway }, url);
      if (sent) await client.write(sent);
      const response = await client.response("POST", 20_000);
      expect([response.status, problemOf(response)["code"]]).toEqual([408, "request_timeout"]);
      expect(upstream.count(url)).toBe(0);
      const path = new URL(url).pathname;
      const begun = upstream.connections.filter(({ received }) =>
        received().includes(`POST ${path} `),
      );
      await waitFor("the break", () => begun.every(({ ended }) => ended()));
      expect(begun).toHaveLength(/long|chunks/.test(name) ? 1 : 0);
    },
    30_000,
  );
});
