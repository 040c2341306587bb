import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type OpenStreams, openStreams } from "./open_streams.ts";

// So many that what others in this process make is not seen.
const STREAMS = 1000;

describe("an event stream that is open for longer", () => {
  let streams: OpenStreams;
  let objects: Record<string, number>;
  beforeAll(async () => {
    streams = await openStreams(STREAMS);
    objects = streams.objects();
  });
  afterAll(() => streams[Symbol.asyncDispose]());

  test("keeps its exchange", () => {
    expect(objects["Exchange"]).toBe(1);
  });

  test.each(["InboundRequest", "RequestBody"])("keeps no %s", (name) => {
    expect(objects[name] ?? 0).toBe(0);
  });

  test.each([
    ["Object", 6],
    ["Function", 7],
  ])("keeps of %s no more than %i", (name, most) => {
    expect(objects[name]).toBeLessThanOrEqual(most);
  });
});
