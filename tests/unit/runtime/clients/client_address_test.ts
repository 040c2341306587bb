import { describe, expect, test } from "bun:test";
import { parseAddressRange } from "../../../../lib/signing/verify.ts";
import { clientAddress } from "../../../../lib/runtime/clients/client_address.ts";

const PROXIES = ["10.0.0.0/8", "192.0.2.7", "2001:db8:1::/48", "::ffff:172.16.0.0/108"];
const ranges = (texts: readonly string[]) => texts.map((text) => parseAddressRange(text)!);

const find = (connection: string, header: string | null, trusted: readonly string[] = PROXIES) =>
  clientAddress(connection, header, ranges(trusted));

// The lines of a header are joined by ", " before anybody sees them.
describe("the address of a client is", () => {
  test.each<[string, string, string | null, string, string[]]>([
    ["the connection's, without a header", "203.0.113.5", null, "203.0.113.5", []],
    [
      "the connection's, which is no proxy, whatever it claims",
      "203.0.113.5",
      "198.51.100.1",
      "203.0.113.5",
      ["198.51.100.1"],
    ],
    ["the proxy's own, without a header", "10.0.0.1", null, "10.0.0.1", []],
    ["the only entry of a proxy", "10.0.0.1", "203.0.113.5", "203.0.113.5", []],
    [
      "the last entry of a proxy, and not a claimed one",
      "10.0.0.1",
      "198.51.100.1, 203.0.113.5",
      "203.0.113.5",
      ["198.51.100.1"],
    ],
    [
      "the last entry that is no proxy",
      "10.0.0.1",
      "198.51.100.1, 203.0.113.5, 192.0.2.7, 10.9.8.7",
      "203.0.113.5",
      ["198.51.100.1"],
    ],
    [
      "not an entry before a proxy that only the client claims",
      "10.0.0.1",
      "198.51.100.1, 10.0.0.2, 203.0.113.5, 10.0.0.3",
      "203.0.113.5",
      ["198.51.100.1", "10.0.0.2"],
    ],
    ["the first entry, when all are proxies", "10.0.0.1", "10.0.0.2,10.0.0.3", "10.0.0.2", []],
    ["without its port", "10.0.0.1", "203.0.113.5:4711", "203.0.113.5", []],
    ["without brackets", "10.0.0.1", "[2001:DB8:2::0:1]", "2001:db8:2::1", []],
    ["without brackets and port", "10.0.0.1", "[2001:db8:2::1]:4711", "2001:db8:2::1", []],
    ["of IPv6, in its shortest form", "10.0.0.1", "2001:db8:2:0::0001", "2001:db8:2::1", []],
    ["behind a proxy of IPv6", "2001:db8:1::9", "203.0.113.5", "203.0.113.5", []],
    ["behind a proxy with a port", "10.0.0.1", "203.0.113.5, 10.0.0.2:80", "203.0.113.5", []],
    ["behind a mapped connection", "::ffff:10.0.0.1", "203.0.113.5", "203.0.113.5", []],
    ["of a mapped connection", "::ffff:203.0.113.5", null, "203.0.113.5", []],
    ["of a mapped entry", "10.0.0.1", "::ffff:203.0.113.5", "203.0.113.5", []],
    [
      "of an entry that is mapped in hexadecimal",
      "10.0.0.1",
      "::ffff:cb00:7105",
      "203.0.113.5",
      [],
    ],
    ["behind a mapped entry", "10.0.0.1", "203.0.113.5, ::ffff:10.0.0.2", "203.0.113.5", []],
    ["behind a proxy of a mapped range", "172.16.3.4", "203.0.113.5", "203.0.113.5", []],
    [
      "not that of a neighbour of a range",
      "172.32.0.1",
      "203.0.113.5",
      "172.32.0.1",
      ["203.0.113.5"],
    ],
    ["the proxy's, behind blanks", "10.0.0.1", " \t 203.0.113.5 \t ", "203.0.113.5", []],
  ])("%s", (_, connection, header, address, before) => {
    expect(find(connection, header)).toEqual({ address, before });
  });
});

describe("an entry that is no address ends the search at the proxy that sent it:", () => {
  test.each([
    "",
    "unknown",
    "_hidden",
    "localhost",
    "proxy.example",
    "203.0.113.256",
    "203.0.113",
    "3405803781",
    "0xcb.0.113.5",
    "0313.0.113.5",
    "203.0.113.5:",
    "203.0.113.5:4711:1",
    "203.0.113.5:port",
    "[203.0.113.5",
    "2001:db8:2::1%eth0",
    "[2001:db8:2::1%1]",
    "for=203.0.113.5",
    '"203.0.113.5"',
    "203.0.113.5 198.51.100.1",
    "203.0.113.5;198.51.100.1",
    "203.0.113.0/24",
    "2001:db8:2::/48",
  ])("%j", (entry) => {
    expect(find("10.0.0.1", `198.51.100.1, ${entry}`).address).toBe("10.0.0.1");
    expect(find("10.0.0.1", `198.51.100.1, ${entry}, 10.0.0.2`).address).toBe("10.0.0.2");
  });
});

describe("without a trusted proxy", () => {
  test.each(["203.0.113.5", "10.0.0.1", "2001:db8::1"])("it is the connection's: %s", (address) => {
    const header = "198.51.100.1, 10.0.0.2";
    expect(find(address, header, [])).toEqual({ address, before: header.split(", ") });
  });
});

test("where every address is trusted, it is the first entry", () => {
  expect(find("10.0.0.1", "a, 1.1.1.1, 2001:db8::1, 2.2.2.2", ["0.0.0.0/0", "::/0"])).toEqual({
    address: "1.1.1.1",
    before: ["a"],
  });
});

test("a long header takes little time", () => {
  const entries = Array.from({ length: 4_000 }, () => "10.0.0.2");
  expect(find("10.0.0.1", ["203.0.113.5", ...entries].join(",")).address).toBe("203.0.113.5");
});
