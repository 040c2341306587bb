import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { connect, type RawClient } from "../../support/raw_client.ts";
import { chunk, respond, startUpstream } from "../../support/raw_upstream.ts";
import { requestBytes, signedTarget, type SignedOptions } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";

const gateway = await startGateway({ args: ["--allow-private-upstreams"] });

afterAll(() => gateway.stop());

const CHUNKS = "Transfer-Encoding: chunked";
const HALF = "x".repeat(70_000);

interface Upload {
  name: string;
  framing: string;
  sent: string;
  sign?: SignedOptions;
  /** Whether part of it went on before the cut; else the upstream is never called. */
  begun: boolean;
}

const SIGNED = { body: "hello", headers: { "content-length": "5" } };

const UPLOADS: Upload[] = [
  { name: "5 bytes of 100", framing: "Content-Length: 100", sent: "hello", begun: false },
  { name: "no byte of 100", framing: "Content-Length: 100", sent: "", begun: false },
  {
    name: "99,999 of 100,000",
    framing: "Content-Length: 100000",
    sent: "x".repeat(99_999),
    begun: true,
  },
  { name: "half of a long one", framing: "Content-Length: 140000", sent: HALF, begun: true },
  { name: "no last chunk", framing: CHUNKS, sent: chunk("hello"), begun: true },
  { name: "half a chunk", framing: CHUNKS, sent: `${chunk("hello")}9\r\nhal`, begun: true },
  {
    name: "4 signed bytes of 5",
    framing: "Content-Length: 5",
    sent: "hell",
    sign: SIGNED,
    begun: false,
  },
];

const WAYS: [name: string, cut: (client: RawClient) => unknown][] = [
  ["FIN", (client) => client.end()],
  ["RST", (client) => client.reset()],
];
const BAD_CHUNKS: [string, string][] = [
  ["a letter as its size", "zz\r\nmore\r\n0\r\n\r\n"],
  ["no line end after it", `${chunk("more").slice(0, -2)}XX0\r\n\r\n`],
  ["a size past 2^64", "10000000000000005\r\nmore\r\n0\r\n\r\n"],
];

async function upload(url: string, id: string, { framing, sign, sent }: Omit<Upload, "name">) {
  const client = await connect(gateway.port);
  const path = signedTarget(gateway.url, url, { method: "POST", ...sign });
  await client.write(requestBytes("POST", path, { headers: [framing, `X-Request-Id: ${id}`] }));
  if (sent) await client.write(sent);
  return client;
}

describe("an upload cut short is cut at the upstream", () => {
  const cases = UPLOADS.flatMap((it) => WAYS.map(([how, cut]) => [it.name, how, cut, it] as const));
  test.each(cases)("%s, %s", async (name, how, cut, it) => {
    await using upstream = await startUpstream([respond("taken for whole")]);
    const id = `${how}-${name.replaceAll(/\W/g, "-")}`;
    using client = await upload(`${upstream.url}/`, id, it);
    const begun = () => upstream.connections[0]?.received().includes("\r\n\r\n");
    if (it.begun) await waitFor("the upload to go on", begun);
    else await Bun.sleep(50);
    cut(client);
    if (it.begun) await waitFor("the break", () => upstream.connections[0]?.ended());
    const record = await gateway.waitForRecord(({ request_id }) => request_id === id);
    expect(["client_gone", "refused"]).toContain(String(record["outcome"]));
    expect(record["status"]).toBeGreaterThanOrEqual(400);
    expect(upstream.requests).toEqual([]);
    expect(upstream.connections.length).toBe(it.begun ? 1 : 0);
    expect(client.received().toString()).not.toContain("taken for whole");
  });
});

describe("a bad chunk in the middle of an upload is no end", () => {
  test.each(BAD_CHUNKS)("%s", async (_, bad) => {
    await using upstream = await startUpstream([respond("taken for whole")]);
    const it = { framing: CHUNKS, sent: chunk("hello"), begun: true };
    using client = await upload(`${upstream.url}/`, "bad-chunk", it);
    await waitFor("the upload", () => upstream.connections[0]?.received().includes("hello"));
    await client.write(bad);
    await client.closed();
    await waitFor("the break", () => upstream.connections[0]?.ended());
    expect(upstream.requests).toEqual([]);
    expect(upstream.connections[0]?.received().toString()).not.toContain("0\r\n\r\n");
    expect(client.received().toString()).not.toContain("taken for whole");
  });
});

// A known limit of the runtime: it has handed the whole body on before it looks at what follows the
// size of the last chunk. Every byte was sent, and nothing more is read.
describe("an upload cut after the size of its last chunk arrives whole or not at all", () => {
  test.each(WAYS)("%s", async (how, cut) => {
    await using upstream = await startUpstream([]);
    const it = { framing: CHUNKS, sent: `${chunk("hello")}0\r\n`, begun: true };
    using client = await upload(`${upstream.url}/`, `last-${how}`, it);
    await waitFor("the upload", () => upstream.connections[0]?.received().includes("hello"));
    cut(client);
    await waitFor("the break", () => upstream.requests.length || upstream.connections[0]?.ended());
    expect(upstream.requests.map(({ body }) => body.toString())).toEqual(
      upstream.requests.map(() => "hello"),
    );
  });
});
