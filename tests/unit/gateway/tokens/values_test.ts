import { describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../../support/gateway.ts";
import { base64Url } from "../../../support/minted.ts";
import { bearing, gatewayOf, minted, refusalOf } from "./token_gateway.ts";

type Row = readonly [what: string, token: string, code: string];

const RIGHT = minted();
const [HEADER = "", PAYLOAD = "", SIGNATURE = ""] = RIGHT.split(".");
const claim = (claims: Record<string, unknown>) => minted({ claims });
const payload = (text: string | Uint8Array) => minted({ rawPayload: text });

const NO_TOKENS: readonly Row[] = [
  ["an empty value", "", "signature_missing"],
  ["one part", "abc", "signature_missing"],
  ["two parts", `${HEADER}.${PAYLOAD}`, "signature_missing"],
  ["four parts", `${RIGHT}.AAAA`, "signature_missing"],
  ["five parts, as of JWE", `${RIGHT}.AAAA.AAAA`, "signature_missing"],
  ["no header", `.${PAYLOAD}.${SIGNATURE}`, "signature_missing"],
  ["no payload", `${HEADER}..${SIGNATURE}`, "signature_missing"],
  ["padding", `${HEADER}.${PAYLOAD}=.${SIGNATURE}`, "signature_missing"],
  ["the alphabet of base64", `${HEADER}.${PAYLOAD}+/.${SIGNATURE}`, "signature_missing"],
  ["a payload of a wrong length", `${HEADER}.AAAAA.${SIGNATURE}`, "signature_missing"],
  ["a payload that is a list", payload("[]"), "signature_missing"],
  ["a payload that is null", payload("null"), "signature_missing"],
  ["a payload that is text", payload(`"${CREDENTIAL.id}"`), "signature_missing"],
  ["a payload that is no JSON", payload(`{iss:"${CREDENTIAL.id}"}`), "signature_missing"],
  ["a payload with text behind", payload(`{"iss":"${CREDENTIAL.id}"} x`), "signature_missing"],
  ["a payload that is no UTF-8", payload(Uint8Array.of(0x7b, 0xff, 0x7d)), "signature_missing"],
  ["no iss", claim({ iss: undefined }), "signature_missing"],
  ["iss, a number", claim({ iss: 1 }), "signature_missing"],
  ["iss, a list", claim({ iss: [CREDENTIAL.id] }), "signature_missing"],
  ["iss, empty", claim({ iss: "" }), "signature_missing"],
  ["iss in another case", claim({ iss: CREDENTIAL.id.toUpperCase() }), "signature_missing"],
  ["iss with a blank", claim({ iss: `${CREDENTIAL.id} ` }), "signature_missing"],
  ["iss of nobody", claim({ iss: "https://id.example.com/" }), "signature_missing"],
  ["iss __proto__", claim({ iss: "__proto__" }), "signature_missing"],
  ["8193 characters", sized(8_193), "signature_missing"],
];

const TAMPERED: readonly Row[] = [
  ...[0, 10, 21, 42].map((at): Row => {
    const other = SIGNATURE[at] === "A" ? "g" : "A";
    const changed = SIGNATURE.slice(0, at) + other + SIGNATURE.slice(at + 1);
    return [
      `the signature, changed at ${at}`,
      `${HEADER}.${PAYLOAD}.${changed}`,
      "token_signature_mismatch",
    ];
  }),
  [
    "a shorter signature",
    `${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, 40)}`,
    "token_signature_mismatch",
  ],
  ["a longer signature", `${HEADER}.${PAYLOAD}.AAAA${SIGNATURE}`, "token_signature_mismatch"],
  ["a signature of no bytes", `${HEADER}.${PAYLOAD}.`, "token_signature_mismatch"],
  [
    "a signature with loose bits",
    `${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, -1)}_`,
    "token_malformed",
  ],
  ["a signature in hexadecimal", inHex(), "token_signature_mismatch"],
  [
    "another secret",
    minted({ secret: "another secret, of 32 bytes or more" }),
    "token_signature_mismatch",
  ],
  ["an empty secret", minted({ secret: "" }), "token_signature_mismatch"],
  [
    "the secret with a line end",
    minted({ secret: `${CREDENTIAL.secret}\n` }),
    "token_signature_mismatch",
  ],
  [
    "another payload",
    `${HEADER}.${claim({ sub: "root" }).split(".")[1]}.${SIGNATURE}`,
    "token_signature_mismatch",
  ],
  [
    "another header",
    `${base64Url('{"alg":"HS256"}')}.${PAYLOAD}.${SIGNATURE}`,
    "token_signature_mismatch",
  ],
  [
    "the form before the signature",
    minted({ claims: { exp: "soon" }, secret: "x" }),
    "token_malformed",
  ],
];

/** A token of exactly so many characters, rightly signed. */
function sized(length: number): string {
  for (let fill = 5_000; ; fill++) {
    const token = claim({ x: "x".repeat(fill) });
    if (token.length >= length) return token.slice(0, length - SIGNATURE.length) + SIGNATURE;
  }
}

function inHex(): string {
  return `${HEADER}.${PAYLOAD}.${Buffer.from(SIGNATURE, "base64url").toString("hex")}`;
}

describe("a value that is no token of anybody here is as good as none:", () => {
  test.each(NO_TOKENS)("%s", async (_, token, code) => {
    const refusal = await refusalOf(gatewayOf(), bearing(token), token);
    expect([refusal.status, refusal.code]).toEqual([400, code]);
  });
});

describe("a token that was changed is refused:", () => {
  test.each(TAMPERED)("%s", async (_, token, code) => {
    const refusal = await refusalOf(gatewayOf(), bearing(token), token);
    expect([refusal.status, refusal.code]).toEqual([401, code]);
  });
});
