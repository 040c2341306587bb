import { afterAll, expect, test } from "bun:test";
import { type App, createGateway, createMemoryLedger } from "../../../../lib/mod.ts";
import { bearing, minted } from "../tokens/token_gateway.ts";

const upstream = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: () => new Response("answer"),
});
afterAll(() => upstream.stop(true));

test("gateways share the counters of the ledger that they are given, and have their own without", async () => {
  const token = minted({ now: Math.floor(Date.now() / 1000) });
  const { host, href } = upstream.url;
  const findApp = (id: string): App => ({
    id,
    secrets: ["a secret for tests, of 32 bytes."],
    upstreams: [{ url: new URL(href), headers: [] }],
    limits: { uses: 1 },
  });
  const ledger = createMemoryLedger();
  const given = [{ ledger }, { ledger }, {}, {}];
  const statuses = [];
  for (const options of given) {
    const gateway = createGateway({ sources: { findApp }, ...options });
    statuses.push((await gateway(bearing(token, `/${host}/`))).status);
  }
  expect(statuses).toEqual([200, 403, 200, 200]);
  const wrong = { sources: { findApp }, ledger: {} as typeof ledger };
  expect(() => createGateway(wrong)).toThrow("createGateway: ledger must be a ledger");
});
