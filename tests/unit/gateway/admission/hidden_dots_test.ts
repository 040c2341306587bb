import { describe, expect, test } from "bun:test";
import { matchesRule } from "../../../../lib/gateway/admission/match_rule.ts";
import { findRoute } from "../../../../lib/gateway/admission/find_route.ts";
import { GatewayError } from "../../../../lib/gateway/problem/gateway_error.ts";
import type { Route } from "../../../../lib/gateway/model/route.ts";
import { parseUpstream } from "../../../../lib/config/parse_upstream.ts";

/** Spellings of one character, each of which some server takes for it. */
const SPELLINGS = {
  dot: [
    ...[".", "%2e", "%252e", "%25252E"],
    ...["%c0%ae", "%C0%2e", "%e0%80%ae", "%f0%80%80%ae", "%f8%80%80%80%ae", "%fc%80%80%80%80%ae"],
    ...["%25c0%25ae"],
    ...["%u002e", "%U002E", "%25u002e", "%uff0e", "%u2024"],
    ...["%ef%bc%8e", "%EF%BC%8E", "%25ef%25bc%258e", "%ef%b9%92", "%e2%80%a4"],
    ...["%ef%bc%852e", "%ef%bc%85u002e"],
  ],
  slash: [
    ...["/", "%2f", "%252f", "%5c", "%255C"],
    ...["%c0%af", "%c0%2f", "%c1%9c", "%c1%1c", "%e0%80%af", "%e0%81%9c", "%f0%80%80%af"],
    ...["%u002f", "%u005c", "%u2215", "%u2216", "%uff0f"],
    ...["%ef%bc%8f", "%ef%bc%bc", "%e2%81%84", "%e2%88%95", "%e2%88%96", "%ef%b9%a8"],
  ],
  blank: [
    ...["", "%20", "%2520", "%09", "%0a", "%0d", "%0b", "%01", "%1f", "%7f", "%c2%a0", "%e3%80%80"],
    ...["%e2%80%8b", "%ef%bb%bf", "%c2%85", "%20%20%09", "%u0020", "%a0"],
  ],
  // Dropped by the WHATWG URL parser and others, wherever it stands.
  dropped: ["%09", "%0a", "%0D", "%2509", "%u000a", "%c0%89"],
  rest: [
    "",
    ";",
    "%3b",
    ";a=b",
    "%00",
    "%00.png",
    "%3f",
    "%3fa",
    "%23",
    "%c0%80",
    "%ef%bc%9b",
    "%cd%be",
  ],
};

const two = SPELLINGS.dot.flatMap((first) => [first + first, `.${first}`, `${first}.`]);
const PATHS = [
  ...two.map((dots) => `/v1/${dots}/admin`),
  ...two.map((dots) => `/v1/a/${dots}%2f${dots}/admin`),
  ...SPELLINGS.slash.flatMap((slash) => [`/v1/..${slash}admin`, `/v1/a${slash}..${slash}admin`]),
  ...SPELLINGS.slash.map((slash) => `/v1/x${slash}.${slash}admin`),
  ...SPELLINGS.blank.flatMap((blank) => [`/v1/..${blank}/admin`, `/v1/${blank}../admin`]),
  ...SPELLINGS.blank.map((blank) => `/v1/${blank}..${blank}%2fadmin`),
  ...SPELLINGS.dropped.flatMap((dropped) => [
    `/v1/.${dropped}./admin`,
    `/v1/%2e${dropped}%2e/admin`,
    `/v1/%2${dropped}e%2${dropped}e/admin`,
    `/v1/..%2${dropped}fadmin`,
  ]),
  ...SPELLINGS.rest.map((rest) => `/v1/..${rest}/admin`),
  ...["%ff%2f%ef%bc%8e%ef%bc%8e%2fadmin", "%ff%2f%c0%ae%c0%ae%2fadmin"].map((p) => `/v1/${p}`),
  ...[
    "%e2%80%a5/admin",
    "%u2025/admin",
    "%ef%b8%b0/admin",
    "x/..",
    "..%20",
    "%ef%bc%8e%ef%bc%8e",
  ].map((p) => `/v1/${p}`),
];

const RULE = new URL("https://api.example.com/v1/");
const ROUTES = ["/", "/v1/"].map((path): Route => ({
  id: path,
  path,
  upstream: RULE,
  upstreams: [{ headers: [] }],
}));

describe("a hidden dot segment is refused under a path prefix", () => {
  // The URL parser resolves what is not hidden; some of that stays under the prefix.
  const resolved = ["/v1/a/../admin", "/v1/x/./admin", "/v1/x/.."];
  test.each([...new Set(PATHS)].filter((path) => !resolved.includes(path)))("%s", (path) => {
    const target = new URL(path, RULE);
    expect(matchesRule(RULE, target)).toBe(false);
    if (!target.pathname.startsWith("/v1/")) return;
    expect(() => findRoute(ROUTES, target.pathname)).toThrow(new GatewayError("path_ambiguous"));
    expect(parseUpstream(target.href)).toBeString();
  });
});

describe("what only resembles one is not", () => {
  test.each([
    "a..b",
    "..a",
    "a..",
    "...",
    ".hidden",
    ".well-known/x",
    "a%20b",
    "a%20",
    "1..2",
    "caf%C3%A9.txt",
    "caf%E9",
    "%C3%80%C2%AF",
    "%e4%bd%a0%e5%a5%bd",
    "%e3%80%82%e3%80%82x",
    "1%e2%81%842",
    "a%ef%bc%8eb",
    "100%25",
    "%u00e9",
    "%uzzzz",
    "%ff%fe%fd",
    "%c0",
    "v1.2/..%2e",
    "a%09b/.%09x",
    "%F0%9F%94%91",
  ])("%s", (rest) => {
    const target = new URL(`/v1/${rest}`, RULE);
    expect(matchesRule(RULE, target)).toBe(true);
    expect(findRoute(ROUTES, target.pathname).path).toBe("/v1/");
  });
});
