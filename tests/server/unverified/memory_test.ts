import { afterAll, describe, expect, test } from "bun:test";
import { connect, type RawClient } from "../../support/raw_client.ts";
import { problemOf, signedExchange } from "../../support/signed_exchange.ts";
import { signedTarget } from "../../support/signed.ts";
import { headerSignature } from "../../support/header_signature.ts";
import {
  chunkedHead,
  effectOf,
  type FloodEffect,
  openSession,
  startFlooded,
  wronglySigned,
} from "./flooded_gateway.ts";
import { END, pour } from "./floods/over_http1.ts";

const MIB = 1024 * 1024;
const BUDGET = 16 * MIB;
const BODY = 8 * MIB;
const COUNT = 40;

const it = await startFlooded({ max_unverified_bytes: BUDGET });

afterAll(() => it[Symbol.asyncDispose]());

// Together the bodies are 320 MiB. Beside the budget there are buffers of sockets and what waits to be collected.
function expectBounded({ growth, served }: FloodEffect): void {
  expect(growth).toBeLessThan(BUDGET + 112 * MIB);
  expect(served).toBeGreaterThan(3);
}

/** Sends a body until it is answered or sent; the end only if asked. */
async function send(client: RawClient, head: Uint8Array, isWhole: boolean): Promise<void> {
  await pour(client, head, BODY);
  if (isWhole) client.socket.write(END);
}

/** The same on many connections at once, which stay open for a second after the last byte. */
async function flood(head: Uint8Array, isWhole: boolean): Promise<RawClient[]> {
  const clients = await Promise.all(Array.from({ length: COUNT }, () => connect(it.plain.port)));
  try {
    await Promise.all(clients.map((client) => send(client, head, isWhole).catch(() => {})));
    await Bun.sleep(1000);
    return clients;
  } finally {
    for (const { socket } of clients) socket.destroy();
  }
}

const honest = async () => {
  const options = { method: "POST", body: "hello", sign: { body: "hello" } };
  for (const response of [
    await signedExchange(it.plain, `${it.upstream}/`),
    await signedExchange(it.plain, `${it.upstream}/`, options),
  ]) {
    if (response.status !== 200) throw new Error(`an honest request got ${response.status}`);
  }
};

const toApp = wronglySigned(it.plain.url, `${it.upstream}/`);
// All lengths and encodings that a signer may have meant are tried.
const toAppInVain = wronglySigned(it.plain.url, `${it.upstream}/a b'`, {
  headers: { "content-length": "1" },
});
const signature = `Signature: ${headerSignature(["/signed/x", "another"])}`;

describe("bodies of unverified requests take no more memory than they may, and honest requests pass:", () => {
  test.each([
    ["that are never complete", chunkedHead(toApp), false],
    ["that are complete and wrongly signed", chunkedHead(toApp), true],
    ["that are complete, and were signed in one of many ways", chunkedHead(toAppInVain), true],
    ["to a route, never complete", chunkedHead("/signed/x", [signature]), false],
    ["to a route, complete", chunkedHead("/signed/x", [signature]), true],
    ["to a route, with no signature at all", chunkedHead("/signed/x", ["Signature: x"]), false],
    ["of an unknown app", chunkedHead(toApp.replace("test-app", "nobody")), false],
  ])(
    "%s",
    async (title, head, isWhole) => {
      const codes = new Set<unknown>();
      const effect = await effectOf(
        it.plain,
        async () => {
          for (const client of await flood(head, isWhole)) {
            const response = client.follow("POST")().message();
            if (response) codes.add(problemOf(response)["code"]);
          }
        },
        honest,
      );
      expectBounded(effect);
      const isRead = !/no signature|unknown/.test(title);
      expect(codes.has("unverified_limit")).toBe(isRead);
    },
    60_000,
  );

  test("on one connection of HTTP/2", async () => {
    const url = `https://127.0.0.1:${it.tls.port}`;
    const path = wronglySigned(url, `${it.upstream}/`);
    const statuses = new Map<number, number>();
    const attack = async () => {
      using session = openSession(it.tls, it.ca);
      const streams = Array.from({ length: 90 }, () => session.open(path));
      for (const stream of streams) {
        stream.on("response", ({ ":status": status }) => {
          statuses.set(Number(status), (statuses.get(Number(status)) ?? 0) + 1);
        });
      }
      const data = Buffer.alloc(65_536, "ü");
      for (let sent = 0; sent < BODY; sent += data.length) {
        for (const stream of streams) if (!stream.closed) stream.write(data);
        await Bun.sleep(5);
      }
      await Bun.sleep(1000);
    };
    const post = async () => {
      const target = signedTarget(url, `${it.upstream}/`, { method: "POST", body: "hello" });
      const tls = { ca: it.ca };
      const response = await fetch(new URL(target, url), { method: "POST", body: "hello", tls });
      const text = await response.text();
      // Where the whole budget is taken by faster bodies, the gateway asks to try again.
      if (response.headers.get("x-sw-problem") === "unverified_limit") return false;
      if (text !== "ok") throw new Error(`got ${response.status}`);
      return true;
    };
    expectBounded(await effectOf(it.tls, attack, post));
    expect(statuses.get(503)).toBeGreaterThan(0);
  }, 60_000);
});

describe("beyond the budget", () => {
  test("the slowest gets 503, and is told when to try again", async () => {
    const clients: RawClient[] = [];
    try {
      for (let i = 0; i < 2; i++) {
        const client = await connect(it.plain.port);
        clients.push(client);
        await pour(client, chunkedHead(toApp), i === 0 ? 5 * MIB : 9 * MIB);
        await Bun.sleep(i === 0 ? 500 : 0);
      }
      const [slow, fast] = clients as [RawClient, RawClient];
      const response = await slow.response("POST");
      expect(problemOf(response)).toMatchObject({ status: 503, code: "unverified_limit" });
      expect(response.all("retry-after")).toEqual(["1"]);
      expect(fast.received()).toHaveLength(0);
      await fast.write(END);
      expect(problemOf(await fast.response("POST"))["code"]).toBe("signature_mismatch");
    } finally {
      for (const { socket } of clients) socket.destroy();
    }
  });

  test("a body that is larger than the rest of the budget is still read, one at a time", async () => {
    const body = Buffer.alloc(BODY, "x");
    const options = { method: "POST", body, sign: { body } };
    for (let i = 0; i < 4; i++) {
      expect((await signedExchange(it.plain, `${it.upstream}/`, options)).status).toBe(200);
    }
  });
});
