import { afterAll, describe, expect, test } from "bun:test";
import { connect } from "node:http2";
import { FIN, startUpstream } from "../../support/raw_upstream.ts";
import { signedTarget } from "../../support/signed.ts";
import { startTlsGateway } from "../../support/tls_gateway.ts";
import { waitFor } from "../../support/wait_for.ts";

const upstream = await startUpstream([
  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
  FIN,
]);
const it = await startTlsGateway(["--upstream", upstream.url]);

afterAll(async () => {
  await it[Symbol.asyncDispose]();
  await upstream.stop();
});

// RFC 9113, section 8.1.1: a request whose content-length is not the length of its content is malformed.
function post(declared: number, pieces: readonly Buffer[]) {
  const origin = `https://127.0.0.1:${it.gateway.port}`;
  const session = connect(origin, { ca: it.authority.ca });
  const request = session.request(
    {
      ":method": "POST",
      ":path": signedTarget(origin, `${upstream.url}/`, { method: "POST" }),
      "content-length": declared,
    },
    { endStream: false },
  );
  let [status, over] = [0, false];
  session.on("error", () => (over = true));
  request.on("response", (headers) => (status = Number(headers[":status"])));
  request.on("error", () => (over = true));
  request.on("close", () => (over = true));
  request.resume();
  for (const piece of pieces) request.write(piece);
  request.end();
  return { session, status: () => status, ended: () => over };
}

const CASES: [name: string, declared: number, pieces: Buffer[]][] = [
  ["more than declared", 5, [Buffer.alloc(6)]],
  ["much more than declared", 5, Array.from({ length: 640 }, () => Buffer.alloc(100_000))],
  ["less than declared", 5, [Buffer.alloc(4)]],
  ["nothing of what is declared", 5, []],
];

describe("a body over HTTP/2 of another length than it declares goes nowhere", () => {
  test.each(CASES)("%s", async (_, declared, pieces) => {
    const before = upstream.requests.length;
    const client = post(declared, pieces);
    await waitFor("the end", client.ended);
    client.session.destroy();
    expect(client.status() < 200 || client.status() >= 400).toBe(true);
    expect(upstream.requests.length).toBe(before);
  });
});

test("one of the declared length arrives", async () => {
  const client = post(5, [Buffer.from("hel"), Buffer.from("lo")]);
  await waitFor("the end", client.ended);
  client.session.destroy();
  expect(client.status()).toBe(200);
  expect(Buffer.from(upstream.requests.at(-1)!.body).toString()).toBe("hello");
});
