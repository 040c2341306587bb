import { describe, expect, test } from "bun:test";
import {
  isAddress,
  isPublicAddress,
  unbracket,
} from "../../../../lib/gateway/admission/public_address.ts";
import { tryTarget } from "./grants.ts";

const ANY_PUBLIC = [{ headers: [] }];

describe("every spelling of this machine is refused without a look-up", () => {
  test.each([
    "127.0.0.1",
    "2130706433",
    "0x7f000001",
    "0X7F.0X0.0X0.0X1",
    "0x7f.1",
    "017700000001",
    "0177.0.0.1",
    "127.1",
    "127.0.1",
    "127.0.0.1.",
    "127.255.255.254",
    "0",
    "00",
    "0x0",
    "0.0.0.0",
    "0.0.0.0.",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::FFFF:7F00:0001]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "１２７.０.０.１",
    "127。0。0。1",
    "127．0．0．1",
    "127｡0｡0｡1",
    "①②⑦.⓪.⓪.①",
    "%31%32%37.0.0.1",
    "127.0.0.1%2e",
    "%3127%2E0%2E0%2E1",
    "0x7f%2E1",
  ])("%s", async (host) => {
    for (const target of [`http://${host}/`, `https://${host}:8443/x`]) {
      const attempt = await tryTarget(target, ANY_PUBLIC);
      expect(attempt).toEqual({ code: "target_not_allowed", resolved: [] });
    }
  });
});

/** First and last address of each range, and the neighbours outside where those are public. */
const RANGES: [name: string, inside: string[], outside: string[]][] = [
  ["0.0.0.0/8, this network", ["0.0.0.1", "0.255.255.255"], ["1.0.0.0"]],
  ["10.0.0.0/8, private", ["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0"]],
  ["100.64.0.0/10, shared", ["100.64.0.0", "100.127.255.255"], ["100.63.255.255", "100.128.0.0"]],
  ["127.0.0.0/8, loopback", ["127.0.0.0", "127.255.255.255"], ["126.255.255.255", "128.0.0.0"]],
  [
    "169.254.0.0/16, link-local",
    ["169.254.0.0", "169.254.255.255"],
    ["169.253.255.255", "169.255.0.0"],
  ],
  ["169.254.169.254, the clouds' metadata", ["169.254.169.254", "169.254.170.2"], []],
  ["100.100.100.200, a cloud's metadata", ["100.100.100.200"], []],
  ["172.16.0.0/12, private", ["172.16.0.0", "172.31.255.255"], ["172.15.255.255", "172.32.0.0"]],
  ["192.0.0.0/24, protocols", ["192.0.0.0", "192.0.0.192", "192.0.0.255"], ["192.0.1.0"]],
  ["192.0.2.0/24, documentation", ["192.0.2.0", "192.0.2.255"], ["192.0.3.0"]],
  [
    "192.168.0.0/16, private",
    ["192.168.0.0", "192.168.255.255"],
    ["192.167.255.255", "192.169.0.0"],
  ],
  ["198.18.0.0/15, measuring", ["198.18.0.0", "198.19.255.255"], ["198.17.255.255", "198.20.0.0"]],
  ["198.51.100.0/24, documentation", ["198.51.100.0", "198.51.100.255"], ["198.51.101.0"]],
  ["203.0.113.0/24, documentation", ["203.0.113.0", "203.0.113.255"], ["203.0.114.0"]],
  ["224.0.0.0/4, multicast", ["224.0.0.0", "239.255.255.255"], ["223.255.255.255"]],
  ["240.0.0.0/4, reserved", ["240.0.0.0", "255.255.255.254"], []],
  ["255.255.255.255, broadcast", ["255.255.255.255"], []],
  ["::/128 and ::1/128", ["::", "::1", "::2"], []],
  ["::ffff:0:0/96, mapped", ["::ffff:10.0.0.1", "::ffff:93.184.215.14"], []],
  ["64:ff9b::/96, translated", ["64:ff9b::a00:1", "64:ff9b::8.8.8.8"], []],
  ["64:ff9b:1::/48, translated locally", ["64:ff9b:1::1"], []],
  ["100::/64, discarded", ["100::", "100::ffff"], []],
  ["2001::/32, Teredo", ["2001::1"], []],
  ["2001:2::/48, measuring", ["2001:2::1"], []],
  [
    "2001:db8::/32, documentation",
    ["2001:db8::", "2001:db8:ffff::1"],
    ["2001:db7::1", "2001:db9::1"],
  ],
  ["2002::/16, 6to4", ["2002:a00:1::", "2002::1"], ["2003::1"]],
  ["3fff::/20, documentation", ["3fff::", "3fff:fff:ffff::1"], ["3ffe::1"]],
  ["5f00::/16, segment routing", ["5f00::1"], []],
  ["fc00::/7, unique local", ["fc00::", "fd00:ec2::254", "fdff::1"], []],
  ["fe80::/10, link-local", ["fe80::1", "febf::1", "fe80::a9fe:a9fe"], []],
  ["fec0::/10, once site-local", ["fec0::1"], []],
  ["ff00::/8, multicast", ["ff00::", "ff02::1", "ff0e::1"], []],
  ["what is not given out", ["1::1", "4000::1", "8000::1", "e000::1"], []],
];

describe("no address of a special range is public", () => {
  test.each(RANGES)("%s", async (_, inside, outside) => {
    for (const address of inside) {
      expect([address, isPublicAddress(address)]).toEqual([address, false]);
      const host = address.includes(":") ? `[${address}]` : address;
      const attempt = await tryTarget(`http://${host}/`, ANY_PUBLIC);
      expect(attempt).toEqual({ code: "target_not_allowed", resolved: [] });
    }
    for (const address of outside) {
      expect([address, isPublicAddress(address)]).toEqual([address, true]);
    }
  });
});

describe("a public address is allowed as it is", () => {
  test.each([
    ["http://93.184.215.14/", "93.184.215.14"],
    ["https://1.1.1.1:8443/x", "1.1.1.1"],
    ["http://0x08080808/", "8.8.8.8"],
    ["http://[2606:4700:4700::1111]/", "2606:4700:4700::1111"],
    ["http://[2A00:1450:0:0:0:0:0:1]/", "2a00:1450::1"],
  ])("%s", async (target, address) => {
    const { upstream, resolved } = await tryTarget(target, ANY_PUBLIC);
    expect(upstream?.address).toBe(address);
    expect(resolved).toEqual([]);
  });
});

test.each(["", "localhost", "example.com", "1.2.3.4.5", "::1::", "fe80::1%eth0", "[::1]"])(
  "%j is not a public address",
  (text) => {
    expect(isPublicAddress(text)).toBe(false);
  },
);

test("isAddress and unbracket know brackets", () => {
  expect([isAddress("[::1]"), isAddress("::1"), isAddress("127.0.0.1")]).toEqual([
    true,
    true,
    true,
  ]);
  expect([isAddress("example.com"), isAddress("[example]")]).toEqual([false, false]);
  expect([unbracket("[::1]"), unbracket("example.com")]).toEqual(["::1", "example.com"]);
});
