import { afterAll, describe, expect, test } from "bun:test";
import { connect } from "../../support/raw_client.ts";
import { chunk } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { headerSignature } from "../../support/header_signature.ts";
import {
  chunkedHead,
  effectOf,
  type FloodEffect,
  openSession,
  startFlooded,
  wronglySigned,
} from "./flooded_gateway.ts";
import { RATE } from "./floods/flood.ts";
import { writeSteadily } from "./floods/over_http1.ts";

const it = await startFlooded();

afterAll(() => it[Symbol.asyncDispose]());

const MIB = 1024 * 1024;
const SECONDS = 3;

const honest = async () => {
  const response = await signedExchange(it.plain, `${it.upstream}/`);
  if (response.status !== 200) throw new Error(`an honest request got ${response.status}`);
};

/** Until some seconds from now. */
function forSeconds(): () => boolean {
  const end = performance.now() + SECONDS * 1000;
  return () => performance.now() > end;
}

// What is kept of a piece is many times its size: without a copy, these pieces hold some 200 MiB.
function expectUnharmed({ growth, served }: FloodEffect): void {
  expect(growth).toBeLessThan(64 * MIB);
  expect(served).toBeGreaterThan(20);
}

describe("an unverified body in small pieces neither fills the memory nor keeps others waiting:", () => {
  const path = wronglySigned(it.plain.url, `${it.upstream}/`);
  const routeLine = `Signature: ${headerSignature(["/signed/x", "other"])}`;
  test.each([
    ["1 byte in each chunk", path, [], 1],
    ["2 bytes", path, [], 2],
    ["8 bytes", path, [], 8],
    ["1 byte, to a route", "/signed/x", [routeLine], 1],
  ])(
    "%s",
    async (_, target, headers, size) => {
      using client = await connect(it.plain.port);
      await client.write(chunkedHead(target, headers));
      const write = (data: Buffer) => client.socket.write(data);
      const flood = () => writeSteadily(write, size, RATE, forSeconds());
      expectUnharmed(await effectOf(it.plain, flood, honest));
      expect(client.received()).toHaveLength(0);
    },
    60_000,
  );

  test("1 byte in each frame of HTTP/2", async () => {
    const url = `https://127.0.0.1:${it.tls.port}`;
    using session = openSession(it.tls, it.ca);
    const stream = session.open(wronglySigned(url, `${it.upstream}/`));
    const flood = async () => {
      for (const isOver = forSeconds(); !isOver();) {
        for (let i = 0; i < 200; i++) stream.write(Buffer.of(120));
        await Bun.sleep(5);
      }
    };
    const get = async () => {
      const response = await fetch(`${url}/open/`, { tls: { ca: it.ca } });
      if ((await response.text()) !== "ok") throw new Error(`got ${response.status}`);
    };
    expectUnharmed(await effectOf(it.tls, flood, get));
  }, 60_000);
});

test("what came in small pieces is forwarded as it was signed", async () => {
  const body = Buffer.from(Array.from({ length: 3000 }, (_, i) => i % 251));
  const pieces = Buffer.concat(
    [...body].map((byte) => Buffer.from(chunk(String.fromCharCode(byte)), "latin1")),
  );
  const response = await signedExchange(it.plain, `${it.upstream}/`, {
    method: "POST",
    headers: ["Transfer-Encoding: chunked"],
    body: Buffer.concat([pieces, Buffer.from(chunk(""))]),
    sign: { body },
  });
  expect(response.status).toBe(200);
  expect(it.bodies().at(-1)).toEqual(body);
});
