import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { problemOf, signedExchange } from "../../support/signed_exchange.ts";

const upstream = await startUpstream([respond("private")], { host: "::" });
const gateway = await startGateway({ args: ["--header", "Authorization: Bearer injected"] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const LOOPBACK = [
  "127.0.0.1",
  "2130706433",
  "0x7f000001",
  "0X7F000001",
  "0x7f.1",
  "0x7f.0x0.0x0.0x1",
  "017700000001",
  "0177.0.0.1",
  "127.1",
  "127.0.1",
  "127.0.0.1.",
  "127.255.255.254",
  "0",
  "0.0.0.0",
  "0x0",
  "[::]",
  "[::1]",
  "[0:0:0:0:0:0:0:1]",
  "[::127.0.0.1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[::ffff:0:127.0.0.1]",
  "[64:ff9b::7f00:1]",
  "[64:ff9b::127.0.0.1]",
  "[64:ff9b:1::7f00:1]",
  "[2002:7f00:1::]",
  "[2001:0:7f00:1::]",
  "１２７.０.０.１",
  "127。0。0。1",
  "①②⑦.⓪.⓪.①",
  "%31%32%37.0.0.1",
  "127%2e0%2e0%2e1",
  "%6c%6f%63alhost",
];

const LOCALHOST = ["localhost", "LOCALHOST", "localhost.", "a.localhost", "ｌｏｃａｌｈｏｓｔ"];

const OTHER_RANGES = [
  "10.0.0.1",
  "10.255.255.255",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "169.254.1.1",
  "100.64.0.1",
  "100.127.255.255",
  "192.0.0.1",
  "192.0.2.1",
  "198.18.0.1",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "[fc00::1]",
  "[fd12:3456::1]",
  "[fe80::1]",
  "[febf::1]",
  "[fec0::1]",
  "[ff02::1]",
  "[100::1]",
  "[2001:db8::1]",
  "[::ffff:10.0.0.1]",
  "[64:ff9b::a00:1]",
];

const METADATA = [
  "169.254.169.254",
  "2852039166",
  "0xa9fea9fe",
  "[::ffff:169.254.169.254]",
  "[fd00:ec2::254]",
  "169.254.170.2",
  "100.100.100.200",
  "192.0.0.192",
  "metadata",
  "metadata.google.internal",
  "metadata.google.internal.",
  "METADATA.GOOGLE.INTERNAL",
  "instance-data.ec2.internal",
];

describe("with no rule that names it, no private target is called", () => {
  test.each([...LOOPBACK, ...OTHER_RANGES, ...METADATA])("%s", async (host) => {
    const response = await signedExchange(gateway, `http://${host}:${upstream.port}/`);
    expect(response.status).toBe(403);
    expect(problemOf(response)["code"]).toBe("target_not_allowed");
    expect(upstream.connections).toHaveLength(0);
  });

  test("https makes no difference", async () => {
    const response = await signedExchange(gateway, `https://127.0.0.1:${upstream.port}/`);
    expect(response.status).toBe(403);
    expect(upstream.connections).toHaveLength(0);
  });
});

describe("names of this machine are not called", () => {
  test.each(LOCALHOST)("%s", async (host) => {
    const response = await signedExchange(gateway, `http://${host}:${upstream.port}/`);
    expect(response.status).toBe(403);
    expect(upstream.connections).toHaveLength(0);
  });
});

// The same spellings do connect once the operator allows it, so the table above tests something.
describe("--allow-private-upstreams opens them", () => {
  test.each(["127.0.0.1", "2130706433", "127.1", "[::1]", "localhost"])("%s", async (host) => {
    await using open = await startGateway({ args: ["--allow-private-upstreams"] });
    const response = await signedExchange(open, `http://${host}:${upstream.port}/`);
    expect(response.status).toBe(200);
    expect(response.body.toString()).toBe("private");
  });
});
