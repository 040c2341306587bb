import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { startLightUpstream } from "../../support/light_upstream.ts";
import { memoryOf } from "../../support/processes.ts";
import { connect } from "../../support/raw_client.ts";
import { chunk, startUpstream, type Step } from "../../support/raw_upstream.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";

// RFC 9112, section 6.3: beside a transfer coding, a length says nothing about the body.

let script: Step[] = [];
const upstream = await startUpstream(() => script);
const gateway = await startGateway({ args: ["--allow-private-upstreams"] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const MEGABYTE = 1024 * 1024;
const OFFERED = 256 * MEGABYTE;
const CHUNKED = "Transfer-Encoding: chunked";
const PIECE = "x".repeat(MEGABYTE);

const FRAMINGS: [name: string, lines: string[]][] = [
  ["a short length, then chunks", ["Content-Length: 5", CHUNKED]],
  ["chunks, then a short length", [CHUNKED, "Content-Length: 5"]],
  ["a length of nothing", ["Content-Length: 0", CHUNKED]],
  ["the longest length that is small", ["Content-Length: 65536", CHUNKED]],
  ["a length that is not small", ["Content-Length: 65537", CHUNKED]],
  ["the length twice", ["Content-Length: 5", "Content-Length: 5", CHUNKED]],
  ["other capitals", ["content-length: 5", "transfer-encoding: Chunked"]],
];

describe.each(FRAMINGS)("of a response with %s", (_, lines) => {
  const head = ["HTTP/1.1 200 OK", "Content-Type: text/plain", ...lines, "", ""].join("\r\n");

  test.each(["GET", "POST"])(
    "the length is dropped, and the chunks are the body: %s",
    async (method) => {
      script = [head + chunk("hello, ") + chunk("world") + chunk("")];
      const response = await signedExchange(gateway, `${upstream.url}/`, { method });
      expect([response.status, response.body.toString()]).toEqual([200, "hello, world"]);
      // The runtime may count what it has by then.
      expect([[], ["12"]]).toContainEqual(response.all("content-length"));
    },
  );

  test("HEAD has no length either", async () => {
    script = [head];
    const response = await signedExchange(gateway, `${upstream.url}/`, { method: "HEAD" });
    expect(response.status).toBe(200);
    expect([[], ["0"]]).toContainEqual(response.all("content-length"));
  });
});

describe("a body that is far longer than its length says", () => {
  test(`of ${OFFERED / MEGABYTE} MB in chunks is not collected`, async () => {
    let taken = 0;
    await using endless = await startLightUpstream((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n${CHUNKED}\r\n\r\n`);
      const offer = (): void => {
        while (taken < OFFERED && !socket.destroyed) {
          taken += PIECE.length;
          if (!socket.write(chunk(PIECE))) return;
        }
      };
      socket.on("drain", offer);
      offer();
    });
    const before = await memoryOf(gateway.pid);
    using client = await connect(gateway.port);
    const path = signedTarget(gateway.url, `${endless.url}/`);
    await client.write(requestBytes("GET", path));
    await waitFor("the response to begin", () => client.received().length > 0);
    client.socket.pause();
    let [last, settledAt] = [-1, taken];
    while (last !== settledAt) {
      await Bun.sleep(300);
      [last, settledAt] = [settledAt, taken];
    }
    expect(taken).toBeLessThan(OFFERED);
    expect((await memoryOf(gateway.pid)) - before).toBeLessThan(64 * MEGABYTE);
  });
});
