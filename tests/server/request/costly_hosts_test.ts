import { afterAll, describe, expect, test } from "bun:test";
import { processorTime } from "../../support/processes.ts";
import { exchange, parseResponse } from "../../support/raw_client.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedTarget } from "../../support/signed.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startConfigured({
  app: [{ id: CREDENTIAL.id, secrets: [CREDENTIAL.secret], upstream: [{ url: upstream.url }] }],
  route: [{ path: "/open/", upstream: upstream.url, signature: "none" }],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

// Combining marks of two classes have to be put into order, which takes quadratic time.
const MARKS = 1200;
const ESCAPED = `a${"%CC%80".repeat(MARKS)}${"%CC%96".repeat(MARKS)}`;
const RAW = `a${"\xcc\x80".repeat(3 * MARKS)}${"\xcc\x96".repeat(3 * MARKS)}`;
const LONG = "a".repeat(ESCAPED.length);
const ROUNDS = 40;

// In a query each mark takes six characters, too.
const TARGET = `${"\u0300".repeat(MARKS - 100)}${"\u0316".repeat(MARKS - 100)}`;

const forged = (target: string) =>
  signedTarget(gateway.url, target, { secret: "another secret of the same app" });
const ask = (path: string, host = "a", method = "GET", more = "") =>
  `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`;
const ASKED = "Origin: https://a.example\r\nAccess-Control-Request-Method: GET\r\n";

/** The processor time of the gateway for some refused requests, each on a connection of its own. */
async function costOf(request: string): Promise<number> {
  const before = await processorTime(gateway.pid);
  for (let round = 0; round < ROUNDS; round++) {
    const status = parseResponse(await exchange(gateway.port, request))?.status;
    expect([204, 400, 404, 405]).toContain(status!);
  }
  return (await processorTime(gateway.pid)) - before;
}

const usual = await costOf(ask("/", LONG));

describe("a host that URL parsers are slow with costs what another one costs", () => {
  test.each([
    ["Host, escaped", ask("/", ESCAPED)],
    ["Host, raw", ask("/", RAW)],
    ["Host of a route", ask("/open/", ESCAPED)],
    ["Host of a signed URL", ask(forged(`${upstream.url}/`), ESCAPED.slice(0, 13_000))],
    ["Host with a method that is not allowed", ask("/", ESCAPED, "TRACE")],
    ["Host of a preflight", ask("/", ESCAPED, "OPTIONS", ASKED)],
    ["target of a signed URL", ask(forged(`https://${TARGET}/`))],
    ["target whose slashes a tab parts", ask(forged(`https:/\t/${TARGET}/`))],
    ["target without slashes", ask(forged(`https:${TARGET}`))],
    ["target behind user info", ask(forged(`https://user@${TARGET}`))],
  ])("%s", async (_, costly) => {
    // One of them took 6 to 20 ms.
    expect(await costOf(costly)).toBeLessThan(3 * usual + 100);
  });
});

test("nothing was forwarded", () => {
  expect(upstream.connections).toHaveLength(0);
});
