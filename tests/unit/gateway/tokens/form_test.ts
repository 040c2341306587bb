import { describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../../support/gateway.ts";
import { base64Url } from "../../../support/minted.ts";
import { bearing, gatewayOf, minted, NOW, refusalOf } from "./token_gateway.ts";

/** The status that goes with each code of this file. */
const STATUSES: Readonly<Record<string, number>> = {
  token_malformed: 401,
  token_signature_mismatch: 401,
};

type Row = readonly [what: string, token: string, code: keyof typeof STATUSES];

const RIGHT = minted();
const [HEADER = "", PAYLOAD = "", SIGNATURE = ""] = RIGHT.split(".");
const head = (header: Record<string, unknown>) => minted({ header });
const claim = (claims: Record<string, unknown>) => minted({ claims });
const payload = (text: string | Uint8Array) => minted({ rawPayload: text });
const withClaim = (text: string) =>
  payload(`{"iss":"${CREDENTIAL.id}","exp":${NOW + 300},"sw":{},${text}}`);
const deep = (depth: number) => `"x":${"[".repeat(depth)}${"]".repeat(depth)}`;

const JWK = { kty: "oct", k: base64Url("a key that the attacker has made") };

const HEADERS: readonly Row[] = [
  ...["none", "None", "NONE", "nOnE", ""].map((alg): Row => [
    `alg ${alg} and the right signature`,
    head({ alg }),
    "token_signature_mismatch",
  ]),
  ...["none", "NONE", "HS256"].map((alg): Row => [
    `alg ${alg} and no signature`,
    `${head({ alg }).split(".", 2).join(".")}.`,
    "token_signature_mismatch",
  ]),
  ...["HS384", "HS512", "RS256", "PS256", "ES256", "EdDSA", "A128KW", "hs256", "HS256 "].map(
    (alg): Row => [`alg ${alg} over HMAC-SHA256`, head({ alg }), "token_signature_mismatch"],
  ),
  [
    "alg HS384, rightly made",
    minted({ header: { alg: "HS384" }, hash: "sha384" }),
    "token_signature_mismatch",
  ],
  [
    "alg HS512, rightly made",
    minted({ header: { alg: "HS512" }, hash: "sha512" }),
    "token_signature_mismatch",
  ],
  ["alg HS256 over SHA-512", minted({ hash: "sha512" }), "token_signature_mismatch"],
  ["no alg", head({ alg: undefined }), "token_malformed"],
  ...[null, 256, true, ["HS256"], { HS256: 1 }].map((alg): Row => [
    `alg ${JSON.stringify(alg)}`,
    head({ alg }),
    "token_malformed",
  ]),
  ["alg twice", minted({ rawHeader: '{"alg":"none","alg":"HS256"}' }), "token_malformed"],
  ["alg in two cases", minted({ rawHeader: '{"Alg":"none","alg":"HS256"}' }), "token_malformed"],
  ...["jwt", "JOSE", "application/at+jwt", "dpop+jwt", "AT+JWT", "", "id_token", 1, null].map(
    (typ): Row => [`typ ${JSON.stringify(typ)}`, head({ typ }), "token_malformed"],
  ),
  ["a key in the header", head({ jwk: JWK }), "token_malformed"],
  ["a key of null in the header", head({ jwk: null }), "token_malformed"],
  ["the address of keys", head({ jku: "https://evil.example/jwks" }), "token_malformed"],
  ["the address of a certificate", head({ x5u: "https://evil.example/x" }), "token_malformed"],
  ["a certificate", head({ x5c: ["AAAA"] }), "token_malformed"],
  ["crit", head({ crit: ["exp"], exp: 1 }), "token_malformed"],
  ["an empty crit", head({ crit: [] }), "token_malformed"],
  ["a payload without base64", head({ b64: false }), "token_malformed"],
  ["a payload in base64, said so", head({ b64: true }), "token_malformed"],
  ["compression", head({ zip: "DEF" }), "token_malformed"],
  ["kid, a number", head({ kid: 1 }), "token_malformed"],
  [
    "kid, the path of an empty file",
    minted({ header: { kid: "../../dev/null" }, secret: "" }),
    "token_signature_mismatch",
  ],
  ["a header that is a list", minted({ rawHeader: '["HS256"]' }), "token_malformed"],
  ["a header that is null", minted({ rawHeader: "null" }), "token_malformed"],
  ["a header that is no JSON", minted({ rawHeader: "{alg:HS256}" }), "token_malformed"],
  ["a header with text behind", minted({ rawHeader: '{"alg":"HS256"}{}' }), "token_malformed"],
  ["a header with a byte-order mark", minted({ rawHeader: '﻿{"alg":"HS256"}' }), "token_malformed"],
  [
    "a header with __proto__",
    minted({ rawHeader: '{"alg":"HS256","__proto__":{}}' }),
    "token_malformed",
  ],
  [
    "a header of other bits",
    `${HEADER.slice(0, -1)}${"_"}.${PAYLOAD}.${SIGNATURE}`,
    "token_malformed",
  ],
];

const CLAIMS: readonly Row[] = [
  ["no exp", claim({ exp: undefined }), "token_malformed"],
  ...["exp", "nbf", "iat"].flatMap((name) =>
    [String(NOW + 300), NOW + 0.5, null, true, [NOW + 300], {}].map((value): Row => [
      `${name} ${JSON.stringify(value)}`,
      claim({ [name]: value }),
      "token_malformed",
    ]),
  ),
  ["exp beyond 2^53", withClaim('"nbf":9007199254740992'), "token_malformed"],
  [
    "exp with an exponent",
    payload(`{"iss":"${CREDENTIAL.id}","exp":1.8e9,"sw":{}}`),
    "token_malformed",
  ],
  ["exp twice", withClaim(`"exp":${NOW + 600}`), "token_malformed"],
  ["exp in two cases", withClaim(`"EXP":${NOW + 600}`), "token_malformed"],
  ["exp with an escape, twice", withClaim(`"\\u0065xp":${NOW + 600}`), "token_malformed"],
  ["iss twice", withClaim(`"iss":"${CREDENTIAL.id}"`), "token_malformed"],
  ["sw twice", withClaim('"sw":{}'), "token_malformed"],
  ["sw in two cases", withClaim('"SW":{}'), "token_malformed"],
  ["cnf", claim({ cnf: { jkt: "a" } }), "token_malformed"],
  ["cnf null", claim({ cnf: null }), "token_malformed"],
  ...["", 1, null, ["a"], {}, "x".repeat(257)].map((sub): Row => [
    `sub ${JSON.stringify(sub).slice(0, 20)}`,
    claim({ sub }),
    "token_malformed",
  ]),
  ...["", 1, null, "x".repeat(129)].map((jti): Row => [
    `jti ${JSON.stringify(jti).slice(0, 20)}`,
    claim({ jti }),
    "token_malformed",
  ]),
  ...[1, null, {}, [1], ["a", null]].map((aud): Row => [
    `aud ${JSON.stringify(aud)}`,
    claim({ aud }),
    "token_malformed",
  ]),
  ["half a surrogate pair", withClaim('"x":"\\ud800"'), "token_malformed"],
  ["the name __proto__", withClaim('"__proto__":{}'), "token_malformed"],
  ["a number that is infinite", withClaim('"x":1e999'), "token_malformed"],
  ["too deep", withClaim(deep(64)), "token_malformed"],
  ["too many values", withClaim(`"x":[${"0,".repeat(315)}0]`), "token_malformed"],
];

describe("a token of a wrong form is refused before anything is looked up:", () => {
  test.each([...HEADERS, ...CLAIMS])("%s", async (_, token, code) => {
    const { status, ...refusal } = await refusalOf(gatewayOf(), bearing(token), token);
    expect({ status, code: refusal.code }).toEqual({ status: STATUSES[code]!, code });
  });
});

describe("a token is accepted", () => {
  test.each<readonly [what: string, token: string]>([
    ["as it is", RIGHT],
    ["without typ", head({ typ: undefined })],
    ["with typ at+jwt", head({ typ: "at+jwt" })],
    ["with a kid that names nothing", head({ kid: "../../etc/passwd" })],
    ["with other members in the header", head({ cty: "JWT", x: [1] })],
    ["with other claims", claim({ scope: "a b", azp: "x", name: { to: "here" } })],
    ["with text that is no ASCII", claim({ sub: "Zoë 🔑", name: "日本" })],
    [
      "with white space in its JSON",
      payload(` {"iss":"${CREDENTIAL.id}" ,\n"exp":${NOW + 300},"sw":{ } } `),
    ],
    ["with 256 code points in sub", claim({ sub: "🔑".repeat(256) })],
    ["with 128 code points in jti", claim({ jti: "🔑".repeat(128) })],
    ["with a depth of 63", withClaim(deep(62))],
    ["with 8,192 characters", padded()],
    ["with 320 values", withClaim(`"x":[${"0,".repeat(314)}0]`)],
  ])("%s", async (_, token) => {
    const gateway = gatewayOf();
    const response = await gateway.send(bearing(token));
    expect(response.status).toBe(200);
    expect(gateway.fetched).toHaveLength(1);
  });
});

/** A right token of 8,192 characters, or as near below as base64url lets it come. */
function padded(): string {
  let last = RIGHT;
  for (let fill = 5_900; ; fill++) {
    const token = claim({ x: "x".repeat(fill) });
    if (token.length > 8_192) return last;
    last = token;
  }
}
