import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { granting } from "../../support/minted.ts";
import { waitFor } from "../../support/wait_for.ts";
import { converse, MANY } from "./conversation.ts";
import { openClient, type Place } from "./open_client.ts";
import { node, type Stage, startStage } from "./stage.ts";

const SDKS = ["@modelcontextprotocol/sdk", "@modelcontextprotocol/client"] as const;

// Each server with sessions by both clients, and the newest protocol.
const ROWS = [
  { sdk: SDKS[0], path: "/mcp", hasSession: true },
  { sdk: SDKS[1], path: "/mcp", hasSession: true },
  { sdk: SDKS[1], path: "/modern", hasSession: false },
] as const;

/** A client, the server's path, and the token's limits. */
interface Row {
  sdk: Place["sdk"];
  path: string;
  sw?: object;
}

describe.skipIf("reason" in node)("a stream of MCP", () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await startStage()), 60_000);
  afterAll(() => stage[Symbol.asyncDispose]());

  /** A place for a conversation of its own, and what the server and the gateway tell of it. */
  function placeFor({ sdk, path, sw = {} }: Row, run: string) {
    const subject = `${run} ${sdk} ${path}`;
    const to = [`${stage.server}${path}`];
    const token = granting({ to, ...sw }, { claims: { sub: subject } });
    const url = `${stage.at(path, token)}?run=${encodeURIComponent(subject)}`;
    return {
      place: { sdk, url },
      reports: () => stage.reports.filter((report) => report.run === subject),
      records: () => stage.gateway.records().filter(({ sub }) => sub === subject),
    };
  }

  test("is cut after the token's seconds, and resumed by clients of both SDKs", async () => {
    const cut = async (sdk: Place["sdk"]) => {
      const { place, reports, records } = placeFor(
        { sdk, path: "/mcp", sw: { seconds: 2 } },
        "cut",
      );
      const client = await openClient(place);
      expect(await client.call("count", { steps: 1, pause: 2500 })).toBe("counted to 1");
      await client.close();
      const isCut = () => records().some(({ code }) => code === "upstream_timeout");
      await waitFor("a record of the cut", isCut);
      expect(reports().some(({ headers }) => headers?.["last-event-id"])).toBe(true);
    };
    await Promise.all(SDKS.map(cut));
  }, 30_000);

  test.concurrent.each(SDKS)(
    "is cut when it is silent for longer than idle_timeout, and %s resumes it",
    async (sdk) => {
      const { place, reports, records } = placeFor({ sdk, path: "/brief" }, "cut");
      const outcome = await converse({ ...place, hasChange: false, hasSession: true });
      expect(outcome).toMatchObject({
        // This one lasts longer than idle_timeout too, but is not silent for so long.
        progress: [1, 2, 3, 4, 5, 6, 7, 8, 9],
        many: MANY,
        quiet: "counted to 1",
      });
      const cuts = records().filter(({ code }) => code === "upstream_timeout");
      expect(cuts.map(({ method }) => method)).toContain("POST");
      expect(outcome.errors).not.toEqual([]);
      const resumed = reports().filter(({ headers }) => headers?.["last-event-id"]);
      // One more was resumed because the server had ended it.
      expect(resumed.length).toBeGreaterThanOrEqual(2);
    },
    30_000,
  );

  test.concurrent.each(ROWS)(
    "has heartbeats that $sdk at $path reads over",
    async (row) => {
      const { place } = placeFor(row, "heartbeats");
      const texts: string[] = [];
      const client = await openClient(place, { fetch: recording(texts) });
      // The newest server begins its stream with the first notification.
      const onprogress = () => {};
      expect(await client.call("count", { steps: 2, pause: 2200 }, { onprogress })).toBe(
        "counted to 2",
      );
      await client.close();
      const beats = texts.filter((text) => /(^|\n):\n/.test(text));
      // The stream of the call, and the one for notifications that belong to no call.
      expect(beats).toHaveLength(2);
      expect(beats.some((text) => text.includes("counted to 2"))).toBe(true);
    },
    30_000,
  );

  test.concurrent.each(ROWS)(
    "ends at the server when $sdk at $path leaves",
    async (row) => {
      const { place, reports, records } = placeFor(row, "leaving");
      const client = await openClient(place);
      const begun = Promise.withResolvers<void>();
      const onprogress = () => begun.resolve();
      const call = client.call("count", { steps: 1000, pause: 50 }, { onprogress });
      call.catch(() => {});
      await begun.promise;
      await client.close();
      await expect(call).rejects.toThrow(/closed/i);
      const closed = () => reports().filter(({ kind }) => kind === "closed");
      await waitFor("both streams to be closed", () => closed().length === 2);
      const methods = closed().map(({ method }) => method);
      expect(methods.sort()).toEqual(row.hasSession ? ["GET", "POST"] : ["POST", "POST"]);
      const gone = () => records().filter(({ outcome }) => outcome === "client_gone");
      await waitFor("the records of both", () => gone().length === 2);
    },
    30_000,
  );

  test("ends at the server too when the call is cancelled before the response begins", async () => {
    // The newest server begins a response with the first notification, and here there is none.
    const { place, reports } = placeFor({ sdk: SDKS[1], path: "/modern" }, "silent");
    const client = await openClient(place);
    const controller = new AbortController();
    const call = client.call("count", { steps: 1, pause: 60_000 }, { signal: controller.signal });
    call.catch(() => {});
    // The gateway listens for clients that leave after 50 ms.
    await client.call("count", { steps: 1, pause: 100 });
    controller.abort("enough");
    await expect(call).rejects.toThrow("enough");
    const ends = () => reports().filter(({ kind }) => kind !== "request");
    await waitFor("the call to end", () => ends().length === 2);
    expect(ends().map(({ kind }) => kind)).toEqual(expect.arrayContaining(["cancelled", "closed"]));
    await client.close();
  });
});

/** A fetch that keeps the text of each event stream. */
function recording(texts: string[]): typeof fetch {
  const recorded = async (...[input, init]: Parameters<typeof fetch>): Promise<Response> => {
    const response = await fetch(input, init);
    if (!response.headers.get("content-type")?.includes("event-stream")) return response;
    const index = texts.push("") - 1;
    const decoder = new TextDecoder();
    const keep = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        texts[index] += decoder.decode(chunk, { stream: true });
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body?.pipeThrough(keep), response);
  };
  return recorded as typeof fetch;
}
