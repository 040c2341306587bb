import { describe, expect, test } from "bun:test";
import { connect } from "../../support/raw_client.ts";
import { chunk, FIN, respond, type Script } from "../../support/raw_upstream.ts";
import { requestBytes } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";
import { embed, ENDLESS_HEAD } from "./embedded.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Every byte twice. */
const doubled = () =>
  new TransformStream<Bytes, Bytes>({
    transform: (piece, controller) =>
      controller.enqueue(Uint8Array.from({ length: piece.length * 2 }, (_, i) => piece[i >> 1]!)),
  });

/** The same bytes, in capitals. */
const capitals = () =>
  new TransformStream<Bytes, Bytes>({
    transform: (piece, controller) =>
      controller.enqueue(piece.map((byte) => (byte > 96 && byte < 123 ? byte - 32 : byte))),
  });

const around = (transform: () => TransformStream<Bytes, Bytes>) => ({
  hooks: {
    onResponse: (_: string, response: Response) =>
      new Response(response.body!.pipeThrough(transform()), response),
  },
});

const LARGE = "abc".repeat(100_000);
const chunked = (...pieces: string[]): Script => [
  ENDLESS_HEAD + pieces.map(chunk).join("") + chunk(""),
];

describe("a response around the upstream's body passes through, whole and well framed:", () => {
  test.each<[string, Script, () => TransformStream<Bytes, Bytes>, string]>([
    ["of the same length", [respond("answer")], capitals, "ANSWER"],
    ["longer than the length that it was given", [respond("answer")], doubled, "aannsswweerr"],
    ["a large one", [respond(LARGE)], capitals, LARGE.toUpperCase()],
    ["a large one that grows", [respond(LARGE)], doubled, LARGE.replace(/./g, "$&$&")],
    ["a stream", chunked("an", "swer"), capitals, "ANSWER"],
  ])("%s", async (_, script, transform, expected) => {
    await using it = await embed({ script, ...around(transform) });
    using client = await connect(Number(new URL(it.url).port));
    await client.write(requestBytes("GET", it.signed()));
    const response = await client.response();
    expect([response.status, response.body.toString()]).toEqual([200, expected]);
    expect(client.received()).toHaveLength(response.size);
    expect(it.records).toMatchObject([{ outcome: "complete", bytesOut: expected.length }]);
  });

  test("headers of its own, and those of the upstream", async () => {
    await using it = await embed({
      script: [respond("answer", { headers: ["X-Upstream: a", "Content-Type: text/plain"] })],
      hooks: {
        onResponse(_, response) {
          const headers = new Headers(response.headers);
          headers.set("X-Hook", "b");
          return new Response(response.body, { status: 201, headers });
        },
      },
    });
    const response = await it.ask();
    expect([response.status, await response.text()]).toEqual([201, "answer"]);
    expect(response.headers.get("x-upstream")).toBe("a");
    expect(response.headers.get("x-hook")).toBe("b");
    expect(response.headers.get("content-type")).toBe("text/plain");
  });

  test("a body that is read only when the client asks for it", async () => {
    await using it = await embed({
      script: chunked("an", "swer"),
      hooks: {
        onResponse: (_, response) =>
          new Response(
            new ReadableStream<Uint8Array>(
              {
                async pull(controller) {
                  for await (const piece of response.body!) controller.enqueue(piece);
                  controller.close();
                },
              },
              { highWaterMark: 0 },
            ),
          ),
      },
    });
    expect(await (await it.ask()).text()).toBe("answer");
  });

  test("a body that breaks off breaks off at the client", async () => {
    await using it = await embed({
      script: [ENDLESS_HEAD + chunk("first"), 50, FIN],
      ...around(capitals),
    });
    using client = await connect(Number(new URL(it.url).port));
    await client.write(requestBytes("GET", it.signed()));
    await client.closed();
    expect(client.received().toString()).toContain("FIRST");
    expect(client.received().toString()).not.toEndWith("0\r\n\r\n");
    expect(it.records).toMatchObject([{ outcome: "upstream_truncated" }]);
  });

  test("a client that leaves takes the upstream's connection along", async () => {
    await using it = await embed({ script: [ENDLESS_HEAD + chunk("first")], ...around(capitals) });
    const client = await connect(Number(new URL(it.url).port));
    await client.write(requestBytes("GET", it.signed()));
    await waitFor("the first piece", () => client.received().includes("FIRST"));
    client.reset();
    const [connection] = it.upstream.connections;
    await waitFor("the end of the upstream's connection", () => connection?.ended());
    expect(it.records).toMatchObject([{ outcome: "client_gone" }]);
  });
});

describe("the body that a replaced response leaves unread holds no connection:", () => {
  // A connection whose body was drained may serve the next request, so one may stay.
  test.each<[string, Script, number]>([
    ["an endless one", [ENDLESS_HEAD + chunk("first")], 0],
    ["one that has not begun", [ENDLESS_HEAD], 0],
    ["a large one", [respond(LARGE)], 1],
    ["a small one", [respond("answer")], 1],
  ])("%s", async (_, script, most) => {
    await using it = await embed({ script, hooks: { onResponse: () => new Response("other") } });
    for (let i = 0; i < 10; i++) expect(await (await it.ask()).text()).toBe("other");
    const open = () => it.upstream.connections.filter((connection) => !connection.ended());
    await waitFor("connections to close", () => open().length <= most);
    expect(it.upstream.requests).toHaveLength(10);
  });
});
