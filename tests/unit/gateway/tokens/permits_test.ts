import { describe, expect, test } from "bun:test";
import { COUNTER_KEYS } from "../../../../lib/signing/token/counters.ts";
import { POLICY_KEYS } from "../../../../lib/signing/token/parse_policy.ts";
import { bearing, gatewayOf, grants, minted, NOW, PATH, refusalOf } from "./token_gateway.ts";

const COUNTED = ["policy", "on_abort", ...COUNTER_KEYS];

const A = "https://api.example.com";

/** Values of `sw`, and what they make of the token. */
const MALFORMED: readonly (readonly [what: string, sw: unknown])[] = [
  ["absent", undefined],
  ["null", null],
  ["a list", []],
  ["a text", "{}"],
  ["true", true],
  ["an unknown key", { target: [A] }],
  ["an unknown key of null", { x: null }],
  ["a key in another case", { To: [`${A}/`] }],
  ["a key with a blank", { "to ": [`${A}/`] }],
  ...["uses", "concurrent", "bytes", "tokens", "cost"].map(
    (name) => [`${name}, without jti`, { [name]: 1 }] as const,
  ),
  ...["to", "origins", "ips"].flatMap((name) => [
    [`${name}, empty`, { [name]: [] }] as const,
    [`${name}, a text`, { [name]: `${A}/` }] as const,
    [`${name}, null`, { [name]: null }] as const,
    [`${name} with a number`, { [name]: [1] }] as const,
    [`${name} with an empty text`, { [name]: [""] }] as const,
    [`${name} with a right and a wrong entry`, { [name]: [right(name), "*"] }] as const,
  ]),
  ...[
    ...["api.example.com", "//api.example.com/", "ftp://api.example.com/", "ws://a.example/", "*"],
    ...[`${A}/?a=1`, `${A}/#a`, "https://user@api.example.com/", "https://u:p@api.example.com/"],
    ...[`${A}/v1/../`, `${A}/%2e%2e/`, `${A}/v1\\`, "https://", "https:///v1", `get ${A}/`],
    ...[`GET, POST ${A}/`, `GET;POST ${A}/`, ` ${A}/`, `${A}/ `, `GET  ${A}/`, `,GET ${A}/`],
    ...["https://api.example.com:99999/", "https://*.example.com/", "https://münchen.example/"],
    ...[`https://${"a".repeat(260)}/`, "https://api.example.com:/?", `${A}/\n`, `* ${A}/`],
  ].map((entry) => [`to ${JSON.stringify(entry).slice(0, 40)}`, { to: [entry] }] as const),
  ...[
    "null",
    "*",
    "https://a.example/",
    "a.example",
    "https://A.example",
    "https://*.a.example",
  ].map((entry) => [`origins ${entry}`, { origins: [entry] }] as const),
  ...[
    ...["10.0.0.0/33", "::/129", "10.0.0", "010.0.0.1", "0x7f.0.0.1", "1", "10.0.0.0/", "a"],
    ...["10.0.0.0/08", "10.0.0.0/-1", "fe80::1%eth0", "[::1]", "10.0.0.1:80", "10.0.0.0/8/8"],
  ].map((entry) => [`ips ${entry}`, { ips: [entry] }] as const),
  ...[0, -1, 1.5, "60", null, [60], true, 2 ** 53].map(
    (seconds) => [`seconds ${JSON.stringify(seconds)}`, { seconds }] as const,
  ),
];

function right(name: string): string {
  return name === "ips" ? "10.0.0.0/8" : A + (name === "to" ? "/" : "");
}

describe("a token of a wrong grant is refused:", () => {
  test.each(MALFORMED)("sw, %s", async (_, sw) => {
    const token = grants(sw as object);
    const { status, code } = await refusalOf(gatewayOf(), bearing(token), token);
    expect({ status, code }).toEqual({ status: 401, code: "token_malformed" });
  });

  test.each(["to", "origins", "ips", "seconds", ...POLICY_KEYS, ...COUNTED])(
    "%s, beside sw and not in it",
    async (name) => {
      const token = minted({ claims: { [name]: name === "seconds" ? 60 : ["x"] } });
      const { status, code } = await refusalOf(gatewayOf(), bearing(token), token);
      expect({ status, code }).toEqual({ status: 401, code: "token_malformed" });
    },
  );
});

type Caller = { origin?: string; address?: string; method?: string; path?: string };

const FORBIDDEN: readonly (readonly [what: string, sw: object, caller: Caller, code: string])[] = [
  ["no Origin", { origins: ["https://a.example"] }, {}, "origin_not_granted"],
  ...[
    ...[
      "https://b.example",
      "http://a.example",
      "https://a.example:8443",
      "null",
      "https://a.example/",
    ],
    ...[
      "https://a.example.evil.example",
      "https://A.example",
      "https://a.example, https://a.example",
    ],
    ...["https://a.exampl", "https://xa.example"],
  ].map(
    (origin) =>
      [
        `Origin ${origin}`,
        { origins: ["https://a.example"] },
        { origin },
        "origin_not_granted",
      ] as const,
  ),
  ["no address", { ips: ["0.0.0.0/0", "::/0"] }, {}, "address_not_granted"],
  ...[
    ["10.0.0.0/8", "11.0.0.1"],
    ["10.0.0.1", "10.0.0.2"],
    ["10.0.0.0/31", "10.0.0.2"],
    ["0.0.0.0/0", "2001:db8::1"],
    ["::/0", "10.0.0.1"],
    ["2001:db8::/64", "2001:db8:0:1::1"],
    ["::ffff:10.0.0.0/104", "11.0.0.1"],
    ["::ffff:0:0/90", "10.0.0.1"],
    ["10.0.0.0/8", "a name"],
    ["10.0.0.0/8", ""],
  ].map(
    ([range, address]) =>
      [
        `${address} for ${range}`,
        { ips: [range!] },
        { address: address! },
        "address_not_granted",
      ] as const,
  ),
  ...[
    [`POST ${A}/v1/items`, "GET", PATH],
    [`GET ${A}/v1/items`, "HEAD", PATH],
    [`GET,POST ${A}/v1/items`, "DELETE", PATH],
    [`${A}/v1/items`, "GET", `${PATH}/`],
    [`${A}/v1/items`, "GET", `${PATH}/1`],
    [`${A}/v1/items`, "GET", "/api.example.com/v1/item"],
    [`${A}/v1/items`, "GET", "/api.example.com/v1/Items"],
    [`${A}/v1/items`, "GET", "/api.example.com/v1/%69tems"],
    [`${A}/v1/items/`, "GET", PATH],
    [`${A}/v1/items/`, "GET", `${PATH}x/`],
    [`${A}/v1/`, "GET", "/api.example.com/v1"],
    [`${A}/v1/`, "GET", "/api.example.com/v2/"],
    [`${A}/v1/`, "GET", "/api.example.com/v1/../v2/"],
    [`${A}/v1/a/`, "GET", "/api.example.com/v1/a/..%2fb"],
    [`${A}/v1/a/`, "GET", "/api.example.com/v1/a/%252e%252e/b"],
    [`${A}/v1/a/`, "GET", "/api.example.com/v1/a/..;/b"],
    [`${A}/v1/a/`, "GET", "/api.example.com/v1/a/..%c0%afb"],
    ["http://api.example.com/v1/", "GET", PATH],
    ["https://api.example.com:8443/v1/", "GET", PATH],
    ["https://example.com/v1/", "GET", PATH],
    ["https://api.example.com./v1/", "GET", PATH],
  ].map(
    ([to, method, path]) =>
      [
        `${method} ${path} for ${to}`,
        { to: [to!] },
        { method: method!, path: path! },
        "target_not_granted",
      ] as const,
  ),
  [
    "the origin before the target",
    { origins: ["https://a.example"], to: [`${A}/x`] },
    {},
    "origin_not_granted",
  ],
];

describe("what a token does not grant is refused:", () => {
  test.each(FORBIDDEN)("%s", async (_, sw, { origin, address, method = "GET", path }, code) => {
    const token = grants(sw);
    const gateway = gatewayOf();
    const client = address === undefined ? {} : { remoteAddress: address };
    const send: typeof gateway.send = (request) => gateway.send(request, client);
    const headers: HeadersInit = origin === undefined ? {} : { origin };
    const request = bearing(token, path, { method, headers });
    const refusal = await refusalOf({ ...gateway, send }, request, token);
    expect({ status: refusal.status, code: refusal.code }).toEqual({ status: 403, code });
  });
});

describe("what a token grants is forwarded:", () => {
  test.each<readonly [what: string, sw: object, caller?: Caller]>([
    ["everything", {}],
    ["a path", { to: [`${A}/v1/items`] }],
    ["a prefix", { to: [`${A}/v1/`] }],
    ["an origin", { to: [A] }],
    ["an origin with a slash", { to: [`${A}/`] }],
    ["its default port", { to: [`${A}:443/v1/`] }],
    ["a host in capitals", { to: ["https://API.example.com/v1/"] }],
    ["a method", { to: [`GET ${A}/v1/`] }],
    ["one of several methods", { to: [`POST,GET ${A}/v1/`] }],
    [
      "one of several targets",
      { to: [`POST ${A}/v1/`, "https://b.example/", `GET ${A}/v1/items`] },
    ],
    ["any of the methods", { to: [`${A}/v1/`] }, { method: "DELETE" }],
    ["double slashes below a prefix", { to: [`${A}/v1/`] }, { path: "/api.example.com/v1//a" }],
    [
      "a page",
      { origins: ["https://b.example", "https://a.example"] },
      { origin: "https://a.example" },
    ],
    [
      "an app of a phone",
      { origins: ["capacitor://localhost"] },
      { origin: "capacitor://localhost" },
    ],
    ["an address", { ips: ["10.0.0.1"] }, { address: "10.0.0.1" }],
    ["a range", { ips: ["10.0.0.0/8"] }, { address: "10.255.0.1" }],
    ["a range with loose bits", { ips: ["10.1.2.3/8"] }, { address: "10.255.0.1" }],
    ["all addresses", { ips: ["::/0", "0.0.0.0/0"] }, { address: "10.0.0.1" }],
    ["IPv6", { ips: ["2001:DB8::/64"] }, { address: "2001:db8::1" }],
    ["IPv4 in IPv6", { ips: ["10.0.0.0/8"] }, { address: "::ffff:10.0.0.1" }],
    ["a range of IPv4 in IPv6", { ips: ["::ffff:10.0.0.0/104"] }, { address: "10.9.9.9" }],
    ["an address with a zone", { ips: ["fe80::/64"] }, { address: "fe80::1%eth0" }],
    ["seconds", { seconds: 60 }],
  ])("%s", async (_, sw, { origin, address, method = "GET", path } = {}) => {
    const gateway = gatewayOf();
    const headers: HeadersInit = origin === undefined ? {} : { origin };
    const client = address === undefined ? {} : { remoteAddress: address };
    const request = bearing(minted({ now: NOW, claims: { sw } }), path, { method, headers });
    const response = await gateway.send(request, client);
    expect([response.status, gateway.fetched.length]).toEqual([200, 1]);
  });
});
