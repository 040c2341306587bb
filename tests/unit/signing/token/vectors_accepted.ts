import { CLAIMS, HEADER, jws, NOW, SECRET, tokenWith } from "./jws.ts";
import { RIGHT_COUNTERS } from "./counter_values.ts";
import { RIGHT_POLICIES } from "./policy_values.ts";
import type { TokenVector } from "./vectors.ts";

const GRANT = {
  to: ["POST https://api.openai.com/v1/responses", "GET,POST https://api.example.com:8443/v1/"],
  origins: ["https://app.example", "http://localhost:5173", "capacitor://localhost"],
  ips: ["192.0.2.7", "198.51.100.0/24", "2001:db8::/32", "::1"],
  seconds: 60,
};

const accepted = (
  name: string,
  token: string,
  more: Partial<TokenVector> & { sub?: string; sw?: object } = {},
): TokenVector => {
  const { sub, sw = {}, ...verifier } = more;
  const granted = { ...(sub !== undefined && { sub }), sw };
  return { name, token, result: "accepted", ...verifier, granted };
};

const withSw = (name: string, sw: object) => accepted(name, tokenWith({ sw }), { sw });

const LONGEST = `x${"\u{1f511}".repeat(255)}`;

/** A token of exactly so many characters, by a claim that nobody reads. */
export function tokenOfLength(length: number): string {
  for (let padding = Math.floor((length * 3) / 4); ; padding--) {
    for (const header of [HEADER, { alg: "HS256" }, { alg: "HS256", typ: "JWT", kid: "k" }]) {
      const token = jws(header, { ...CLAIMS, note: "x".repeat(padding) });
      if (token.length === length) return token;
      if (token.length < length - 8) throw new RangeError(`no token has ${length} characters`);
    }
  }
}

/** As Python writes it. */
function costOfOne(): string {
  const claims = JSON.stringify({ ...CLAIMS, jti: "1", sw: { cost: 1 } });
  return jws(HEADER, claims.replace('"cost":1', '"cost":1.0'));
}

/** Tokens that are accepted. */
export const ACCEPTED: readonly TokenVector[] = [
  accepted("a token that grants everything", tokenWith()),
  accepted("a token that grants something of each kind", tokenWith({ sw: GRANT }), { sw: GRANT }),
  accepted("a header without typ", jws({ alg: "HS256" }, CLAIMS)),
  accepted("the typ at+jwt", jws({ alg: "HS256", typ: "at+jwt" }, CLAIMS)),
  accepted("a kid", jws({ ...HEADER, kid: "2026-11" }, CLAIMS)),
  accepted("other members of the header", jws({ ...HEADER, cty: "x", x5t: "y" }, CLAIMS)),
  accepted(
    "white space in header and payload",
    jws(' { "alg" :\t"HS256"\r\n} ', `\n${JSON.stringify(CLAIMS)}\n`),
  ),
  accepted("an escaped name", jws(HEADER, JSON.stringify(CLAIMS).replace('"iss"', '"\\u0069ss"'))),
  accepted(
    "other claims",
    tokenWith({ name: "Ada", scope: "a b", azp: null, nested: { sub: [1.5e300] } }),
  ),
  ...Object.entries(RIGHT_POLICIES).flatMap(([key, values]) =>
    values.map((value) =>
      withSw(`${key} that is ${JSON.stringify(value).slice(0, 80)}`, { [key]: value }),
    ),
  ),
  ...Object.entries(RIGHT_COUNTERS).flatMap(([key, values]) =>
    values.map((value) =>
      accepted(
        `${key} that is ${JSON.stringify(value)}`,
        tokenWith({ jti: "1", sw: { [key]: value } }),
        { sw: { [key]: value } },
      ),
    ),
  ),
  accepted("a cost that is written 1.0", costOfOne(), { sw: { cost: 1 } }),
  accepted("no iat", tokenWith({ iat: undefined })),
  accepted("a subject", tokenWith({ sub: "user-1" }), { sub: "user-1" }),
  accepted("a subject of 256 code points", tokenWith({ sub: LONGEST }), { sub: LONGEST }),
  accepted("a subject with control characters", tokenWith({ sub: "a\n\0b" }), { sub: "a\n\0b" }),
  accepted("a jti of 128 code points", tokenWith({ jti: "\u{1f511}".repeat(128) })),
  accepted("the second of two secrets", tokenWith(), {
    verifier: { secrets: ["x".repeat(32), SECRET] },
  }),
  accepted("a secret beside a short one", tokenWith(), {
    verifier: { secrets: ["short", SECRET] },
  }),
  accepted("a secret of 32 bytes in 8 characters", tokenWith({}, "\u{1f511}".repeat(8)), {
    verifier: { secrets: ["\u{1f511}".repeat(8)] },
  }),
  accepted("a secret with white space around it", tokenWith({}, ` ${SECRET}\n`), {
    verifier: { secrets: [` ${SECRET}\n`] },
  }),
  accepted("the last second", tokenWith(), { verifier: { now: NOW + 299 } }),
  accepted("an nbf that has come", tokenWith({ nbf: NOW })),
  accepted("an nbf as far ahead as the skew", tokenWith({ nbf: NOW + 300, exp: NOW + 600 })),
  accepted("an iat as far ahead as the skew", tokenWith({ iat: NOW + 300, exp: NOW + 600 })),
  accepted("an iat before 1970", tokenWith({ iat: -1 }), {
    verifier: { maxExpires: 2_000_000_000 },
  }),
  accepted("the longest life", tokenWith({ exp: NOW + 604_800 })),
  accepted("the longest life of a stricter verifier", tokenWith(), {
    verifier: { maxExpires: 300 },
  }),
  accepted("the audience", tokenWith({ aud: "https://gateway.example" }), {
    verifier: { audience: "https://gateway.example" },
  }),
  accepted("the audience among others", tokenWith({ aud: ["other", "https://gateway.example"] }), {
    verifier: { audience: "https://gateway.example" },
  }),
  accepted("no audience where there is one", tokenWith(), {
    verifier: { audience: "https://gateway.example" },
  }),
  accepted("8,192 characters", tokenOfLength(8192)),
  accepted("700 commas in texts", tokenWith({ note: ["\\", '",'.repeat(700)] })),
  accepted("320 values in the payload", tokenWith({ note: Array(314).fill(0) })),
  accepted("320 values in the header", jws({ ...HEADER, note: Array(316).fill(0) }, CLAIMS)),
  withSw("a target without a path", { to: ["https://api.example.com"] }),
  withSw("a target with capitals in its host", { to: ["https://API.example.com/v1/"] }),
  withSw("a target with the default port", { to: ["https://api.example.com:443/v1/"] }),
  withSw("a target with an address of IPv6", { to: ["http://[2001:db8::1]:8080/v1/"] }),
  withSw("a target with escapes in its path", { to: ["https://api.example.com/a%2Fb/c%20d"] }),
  withSw("a target with @ and : in its path", {
    to: ["https://api.example.com/@scope/m:generate"],
  }),
  withSw("a target with an empty segment", { to: ["https://api.example.com/v1//x"] }),
  withSw("each method of HTTP", {
    to: ["GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS https://a.example/"],
  }),
  withSw("an origin with an address", { origins: ["http://127.0.0.1:8080", "http://[::1]:8080"] }),
  withSw("an origin of an extension", { origins: ["chrome-extension://abcdefghijklmnop"] }),
  withSw("every address", { ips: ["0.0.0.0/0", "::/0"] }),
  withSw("addresses with all their bits", { ips: ["255.255.255.255/32", "::1/128"] }),
  withSw("a range with more bits in its address", { ips: ["2001:db8::1/64", "10.1.2.3/8"] }),
  withSw("IPv6 in capitals, in full and with IPv4", {
    ips: ["2001:DB8::A", "1:2:3:4:5:6:7:8", "64:ff9b::192.0.2.33", "1:2:3:4:5:6:7::"],
  }),
  withSw("a second", { seconds: 1 }),
];
