import { CLAIMS, HEADER, jws, NOW, tokenWith } from "./jws.ts";
import type { TokenVector } from "./vectors.ts";

const AUDIENCE = "https://gateway.example";

const malformed = ([name, changes]: readonly [string, object]): TokenVector => ({
  name,
  token: tokenWith(changes),
  result: "token_malformed",
});

const MALFORMED = (
  [
    ["no iss", { iss: undefined }],
    ["an iss that is no text", { iss: ["web"] }],
    ["an empty iss", { iss: "" }],
    ["no exp", { exp: undefined }],
    ["an exp that is a text", { exp: String(CLAIMS.exp) }],
    ["an exp that is null", { exp: null }],
    ["an exp with a fraction", { exp: CLAIMS.exp + 0.5 }],
    ["an nbf that is a text", { nbf: "0" }],
    ["an nbf that is null", { nbf: null }],
    ["an iat with a fraction", { iat: NOW - 0.5 }],
    ["an iat that is a list", { iat: [NOW] }],
    ["an aud that is a number", { aud: 1 }],
    ["an aud with a number in it", { aud: [AUDIENCE, 1] }],
    ["an empty sub", { sub: "" }],
    ["a sub that is a number", { sub: 1 }],
    ["a sub of 257 code points", { sub: "\u{1f511}".repeat(257) }],
    ["an empty jti", { jti: "" }],
    ["a jti that is null", { jti: null }],
    ["a jti of 129 code points", { jti: "x".repeat(129) }],
    ["a proof of possession", { cnf: { jkt: "x" } }],
    ["a proof of possession that is empty", { cnf: null }],
    ["no sw", { sw: undefined }],
  ] as const
).map(malformed);

const numberRow = (name: string, from: string, to: string): TokenVector => ({
  name,
  token: jws(HEADER, JSON.stringify(CLAIMS).replace(from, to)),
  result: "token_malformed",
});

const NUMBERS = [
  numberRow("an exp of 2^53", String(CLAIMS.exp), "9007199254740992"),
  numberRow("an exp with an empty fraction", String(CLAIMS.exp), `${CLAIMS.exp}.0`),
  numberRow("an exp with an exponent", String(CLAIMS.exp), "2e9"),
  numberRow("an exp of minus zero", String(CLAIMS.exp), "-0"),
];

type Timed = readonly [name: string, changes: object, verifier?: TokenVector["verifier"]];
const timed =
  (result: string) =>
  ([name, changes, verifier]: Timed): TokenVector => ({
    name,
    token: tokenWith(changes),
    result,
    ...(verifier && { verifier }),
  });

const EXPIRED = (
  [
    ["at the moment of exp", {}, { now: NOW + 300 }],
    ["after it, whatever the skew", {}, { now: NOW + 301, clockSkew: 3600 }],
    ["expired long ago", { iat: 0, exp: 1 }],
    ["expired at 0", { exp: 0 }],
    ["expired before 1970", { exp: -1 }],
    ["expired and not yet valid", { exp: NOW, nbf: NOW + 3600 }],
    ["expired, and for another audience", { exp: NOW, aud: "other" }],
  ] satisfies Timed[]
).map(timed("token_expired"));

const NOT_YET = (
  [
    ["an nbf a second beyond the skew", { nbf: NOW + 301, exp: NOW + 600 }],
    ["an iat a second beyond the skew", { iat: NOW + 301, exp: NOW + 600 }],
    ["an nbf ahead where there is no skew", { nbf: NOW + 1 }, { clockSkew: 0 }],
    ["an iat ahead where there is no skew", { iat: NOW + 1 }, { clockSkew: 0 }],
    ["an nbf of 2^53 - 1", { nbf: 2 ** 53 - 1 }],
    ["an iat in milliseconds", { iat: NOW * 1000 }],
    ["not yet valid, and too long", { nbf: NOW + 301, exp: NOW + 10_000_000 }],
  ] satisfies Timed[]
).map(timed("token_not_yet_valid"));

const TOO_LONG = (
  [
    ["a second more than a week", { exp: NOW + 604_801 }],
    ["a week from an iat that lies behind", { iat: NOW - 1, exp: NOW + 604_800 }],
    ["a week and a second without iat", { iat: undefined, exp: NOW + 604_801 }],
    ["a life that begins ahead: the skew lengthens nothing", { iat: NOW + 60, exp: NOW + 604_860 }],
    ["an old token with a life that was too long", { iat: NOW - 604_800, exp: NOW + 1 }],
    ["a stricter verifier", {}, { maxExpires: 299 }],
    ["a verifier that allows none", {}, { maxExpires: 0 }],
    ["an exp in milliseconds", { exp: CLAIMS.exp * 1000 }],
    ["an exp of 2^53 - 1", { exp: 2 ** 53 - 1 }],
    ["too long, and for another audience", { exp: NOW + 604_801, aud: "other" }],
  ] satisfies Timed[]
).map(timed("token_lifetime_too_long"));

const OTHER_AUDIENCE = (
  [
    ["an audience where none is expected", { aud: AUDIENCE }],
    ["another audience", { aud: "other" }, { audience: AUDIENCE }],
    ["other audiences", { aud: ["a", "b"] }, { audience: AUDIENCE }],
    ["an empty list of audiences", { aud: [] }, { audience: AUDIENCE }],
    ["an empty audience", { aud: "" }, { audience: AUDIENCE }],
    ["the audience with a slash", { aud: `${AUDIENCE}/` }, { audience: AUDIENCE }],
    ["the audience in capitals", { aud: AUDIENCE.toUpperCase() }, { audience: AUDIENCE }],
  ] satisfies Timed[]
).map(timed("token_audience_mismatch"));

/** Tokens with a wrong claim. */
export const CLAIM_VECTORS: readonly TokenVector[] = [
  ...MALFORMED,
  ...NUMBERS,
  ...EXPIRED,
  ...NOT_YET,
  ...TOO_LONG,
  ...OTHER_AUDIENCE,
];
