import { CLAIMS, encodePart, HEADER, jws, SECRET, tokenWith } from "./jws.ts";
import { tokenOfLength } from "./vectors_accepted.ts";
import type { TokenVector } from "./vectors.ts";

const [HEADER_PART, PAYLOAD_PART, SIGNATURE_PART] = tokenWith().split(".") as [
  string,
  string,
  string,
];
const PAYLOAD = JSON.stringify(CLAIMS);
const DER = "MIIB";

const refusedAs = (result: string, rows: readonly (readonly [name: string, token: string])[]) =>
  rows.map(([name, token]): TokenVector => ({ name, token, result }));

const withHeader = (changes: object) => jws({ ...HEADER, ...changes }, CLAIMS);
const withPayload = (...[from, to]: [string, string]) => jws(HEADER, PAYLOAD.replace(from, to));

/** The last character of a signature has four values for its 32 bytes; one of them is right. */
const otherLastCharacter = (text: string) => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)!) ^ 1];
};

const MALFORMED = refusedAs("token_malformed", [
  ["an empty text", ""],
  ["one part", HEADER_PART],
  ["two parts", `${HEADER_PART}.${PAYLOAD_PART}`],
  ["four parts", `${tokenWith()}.AAAA`],
  ["padding", `${HEADER_PART}.${PAYLOAD_PART}.${SIGNATURE_PART}=`],
  ["Bearer before it", `Bearer ${tokenWith()}`],
  ["a newline behind it", `${tokenWith()}\n`],
  ["the standard alphabet", `${HEADER_PART}.${PAYLOAD_PART}.+${SIGNATURE_PART.slice(1)}`],
  [
    "a part of a length that no bytes have",
    `${HEADER_PART}.${PAYLOAD_PART}.${SIGNATURE_PART.slice(0, 41)}`,
  ],
  ["bits of the signature that belong to no byte", otherLastCharacter(tokenWith())],
  ["8,193 characters", tokenOfLength(8193)],
  ["a header that is not JSON", jws("{", CLAIMS)],
  ["a header that is a list", jws([HEADER], CLAIMS)],
  ["a header that is null", jws("null", CLAIMS)],
  ["a payload that is not JSON", jws(HEADER, PAYLOAD.slice(0, -1))],
  ["a payload that is a list", jws(HEADER, [CLAIMS])],
  ["something behind the payload", jws(HEADER, `${PAYLOAD} {}`)],
  ["a byte-order mark", jws(HEADER, `\ufeff${PAYLOAD}`)],
  [
    "bytes that are not UTF-8",
    jws(HEADER, Buffer.from(PAYLOAD.replace('"iss"', '"\xff":1,"iss"'), "latin1")),
  ],
  ["half a surrogate pair", withPayload('"web"', '"web","sub":"\\ud83d"')],
  ["a repeated claim", withPayload('"sw"', '"sw":{},"sw"')],
  ["a repeated exp, the later one valid", withPayload('"exp"', '"exp":1,"exp"')],
  ["a repeated claim in another case", withPayload('"sw"', '"EXP":1,"sw"')],
  ["a repeated claim by an escape", withPayload('"sw"', '"\\u0065xp":1,"sw"')],
  ["a repeated claim with the Kelvin sign", withPayload('"sw"', '"k":1,"\u212a":1,"sw"')],
  ["a repeated claim with the long s", withPayload('"sw"', '"i\u017fs":1,"sw"')],
  ["a repeated key of sw", withPayload('"sw":{}', '"sw":{"seconds":1,"seconds":1}')],
  ["a repeated name deep inside", withPayload('"sw"', '"note":[{"a":1,"a":2}],"sw"')],
  ["the name __proto__", withPayload('"sw"', '"__proto__":{},"sw"')],
  ["65 levels", withPayload('"sw"', `"note":${"[".repeat(64)}${"]".repeat(64)},"sw"`)],
  ["700 values", tokenWith({ note: Array(700).fill(0) })],
  ["321 values in the payload", withPayload('"sw"', `"note":[${"0,".repeat(314)}0],"sw"`)],
  ["321 values in the header", withHeader({ note: Array(317).fill(0) })],
  ["321 values in sw", jws(HEADER, { ...CLAIMS, sw: { ips: Array(315).fill("::1") } })],
  ["a number that is infinite", withPayload('"sw"', '"note":1e999,"sw"')],
  ["a large integer", withPayload('"sw"', '"note":9007199254740992,"sw"')],
  ["no alg", jws({ typ: "JWT" }, CLAIMS)],
  ["an alg that is no text", withHeader({ alg: ["HS256"] })],
  ["a repeated alg", jws('{"alg":"none","alg":"HS256"}', CLAIMS)],
  ["the typ of something else", withHeader({ typ: "dpop+jwt" })],
  ["a typ that is no text", withHeader({ typ: null })],
  ["a kid that is no text", withHeader({ kid: 1 })],
  ["crit", withHeader({ crit: ["exp"], exp: 1 })],
  ["a key's address", withHeader({ jku: "https://attacker.example/jwks.json" })],
  ["a key of its own", withHeader({ jwk: { kty: "oct", k: encodePart(SECRET) } })],
  ["a certificate's address", withHeader({ x5u: "https://attacker.example/c.pem" })],
  ["a certificate of its own", withHeader({ x5c: [DER] })],
  ["a payload that is not encoded", withHeader({ b64: true })],
  ["a compressed payload", withHeader({ zip: "DEF" })],
  ["a refused member that is null", withHeader({ jwk: null })],
]);

const [OTHER_PAYLOAD, OTHER_SIGNATURE] = tokenWith({ exp: CLAIMS.exp + 1 })
  .split(".")
  .slice(1) as [string, string];

const MISMATCHED = refusedAs("token_signature_mismatch", [
  ["another secret", tokenWith({}, `${SECRET}x`)],
  ["another app", tokenWith({ iss: "other" })],
  ["no signature", `${HEADER_PART}.${PAYLOAD_PART}.`],
  ["the alg none without a signature", `${encodePart({ alg: "none" })}.${PAYLOAD_PART}.`],
  ["the alg none with a right signature", withHeader({ alg: "none" })],
  ["the alg hs256", withHeader({ alg: "hs256" })],
  ["the alg HS512", withHeader({ alg: "HS512" })],
  ["the alg RS256", withHeader({ alg: "RS256" })],
  ["the alg ES256", withHeader({ alg: "ES256" })],
  ["an empty alg", withHeader({ alg: "" })],
  ["a signature cut short", tokenWith().slice(0, -3)],
  [
    "a signature with a byte more",
    `${HEADER_PART}.${PAYLOAD_PART}.${encodePart(Buffer.alloc(33))}`,
  ],
  ["a signature of zeros", `${HEADER_PART}.${PAYLOAD_PART}.${encodePart(Buffer.alloc(32))}`],
  ["the payload of another token", `${HEADER_PART}.${OTHER_PAYLOAD}.${SIGNATURE_PART}`],
  ["the signature of another token", `${HEADER_PART}.${PAYLOAD_PART}.${OTHER_SIGNATURE}`],
  [
    "the header of another token",
    `${encodePart({ alg: "HS256" })}.${PAYLOAD_PART}.${SIGNATURE_PART}`,
  ],
  [
    "a secret in base64 that was decoded",
    jws(HEADER, CLAIMS, Buffer.from(SECRET, "base64").toString("latin1")),
  ],
  ["the last character of the signature in another case", swapLastLetter(tokenWith())],
]);

/** Changes one letter's case, and with it the signature's bytes. */
function swapLastLetter(token: string): string {
  const index = token.search(/[a-zA-Z][^a-zA-Z]*.$/);
  const letter = token.charAt(index);
  const swapped = letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();
  return token.slice(0, index) + swapped + token.slice(index + 1);
}

const SHORT = "x".repeat(31);

const TOO_SHORT: readonly TokenVector[] = [
  ["a secret of 31 bytes", tokenWith({}, SHORT), [SHORT]],
  ["secrets that are all too short", tokenWith({}, SHORT), ["", SHORT]],
  ["a blank secret", tokenWith({}, " ".repeat(32)), [" ".repeat(32)]],
  ["no secret", tokenWith(), []],
  ["a short secret and another alg", withHeader({ alg: "none" }), [SHORT]],
].map(([name, token, secrets]) => ({
  name: name as string,
  token: token as string,
  result: "secret_too_short",
  verifier: { secrets: secrets as string[] },
}));

/** Tokens of a wrong form, or with a wrong signature. */
export const FORM_VECTORS: readonly TokenVector[] = [
  ...MALFORMED,
  ...MISMATCHED,
  {
    ...MISMATCHED[0]!,
    name: "a short secret's token beside a long secret",
    token: tokenWith({}, SHORT),
    verifier: { secrets: [SHORT, SECRET] },
  },
  ...TOO_SHORT,
];
