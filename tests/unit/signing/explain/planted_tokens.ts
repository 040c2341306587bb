import type { CauseCode, ExplainTokenOptions } from "../../../../lib/signing/explain.ts";
import { type MadeToken, makeToken } from "../../../support/made_token.ts";
import { mint } from "../../../support/minted.ts";

/** The secret of the app `web`. */
export const SECRET = "8d5e8d6c2b0c4f3f9a1b7c6d5e4f30211f2e3d4c5b6a79880a1b2c3d4e5f6071";
/** A secret that is neither hex nor base64. */
export const LETTERS = "A secret of letters, with spaces";
/** Another app. */
export const OTHER = { id: "shop", secrets: ["another app's secret, long enough"] };
/** When the tokens are signed. */
export const NOW = new Date("2026-11-22T09:08:07Z");
/** The same, as a JWT has it. */
export const SECONDS = NOW.getTime() / 1000;

/** Signs with the secret, unless the changes have another. */
export const make = (changes: Partial<MadeToken> = {}) =>
  makeToken({ secret: SECRET, now: NOW, ...changes });
/** With these claims in the place of the usual ones. */
export const withClaims = (claims: Record<string, unknown>) => make({ claims });
/** With this header. */
export const withHeader = (header: Record<string, unknown>) => make({ header });
const withPayload = (text: string) =>
  mint({ rawHeader: '{"alg":"HS256"}', rawPayload: text, secret: SECRET });
/** A token with nothing wrong. */
export const good = make();

/** A mistake, the token that has it, and the detail that the cause has. */
type Planted = readonly [code: CauseCode, token: string, detail?: string];

/** Mistakes in the text and the header. */
export const FORM: readonly Planted[] = [
  ["token_bearer", `Bearer ${good}`],
  ["token_bearer", `Authorization: bearer ${good}`],
  ["token_quoted", `"${good}"`],
  ["token_quoted", `'${good}'`],
  ["token_quoted", `"${good}`],
  ["token_whitespace", `${good}\n`],
  ["token_whitespace", good.replace(".", ".\n  ")],
  ["token_padded", good.replace(".", "==.")],
  ["token_padded", `${good}=`],
  ["token_alphabet", standardBase64()],
  ["token_cut", good.split(".").slice(0, 2).join(".")],
  ["token_cut", good.slice(0, 30)],
  ["token_cut", good.slice(0, -1)],
  ["token_cut", good.slice(0, -7)],
  ["token_cut", good.slice(0, good.lastIndexOf(".") + 1)],
  ["token_too_long", withClaims({ note: "x".repeat(8_192) }), "8192"],
  ["token_encrypted", `${good}.${good.split(".").slice(0, 2).join(".")}`],
  ["token_malformed", `${good}.x`],
  ["token_malformed", withPayload("not JSON"), "payload is refused: it is not JSON"],
  [
    "token_malformed",
    withPayload('{"a":1,"a":2}'),
    "payload is refused: a name occurs twice in an object",
  ],
  [
    "token_malformed",
    withHeader({ alg: "HS256", jku: "https://a.example/" }),
    "header.jku is refused",
  ],
  ["token_malformed", withHeader({ alg: "HS256", typ: "JWE" }), "header.typ is not JWT or at+jwt"],
  ["token_malformed", withClaims({ cnf: {} }), "cnf is refused"],
  ["url_malformed", "edge.example.net/?X"],
];

/** Mistakes in the claims. */
export const CLAIMS: readonly Planted[] = [
  ["sw_missing", withClaims({ sw: undefined })],
  ["claim_missing", withClaims({ iss: undefined }), "iss"],
  ["claim_missing", withClaims({ exp: undefined }), "exp"],
  ["claim_misplaced", withClaims({ origins: ["https://a.example"] }), "origins"],
  ["claim_misplaced", withClaims({ max_output_tokens: 800 }), "max_output_tokens"],
  ["permit_misspelt", withClaims({ sw: { origin: ["https://a.example"] } }), "origins"],
  ["permit_misspelt", withClaims({ sw: { ip: ["10.0.0.1"] } }), "ips"],
  ["permit_misspelt", withClaims({ sw: { maxOutputTokens: 1 } }), "max_output_tokens"],
  ["permit_misspelt", withClaims({ sw: { secnods: 1 } }), "seconds"],
  ["permit_misspelt", withClaims({ sw: { targets: ["https://a.example"] } }), "to"],
  ["permit_misspelt", withClaims({ sw: { model: ["m"] } }), "models"],
  ["permit_misspelt", withClaims({ sw: { max_tokens: 1 } }), "max_output_tokens"],
  ["permit_misspelt", withClaims({ sw: { policies: ["a"] } }), "policy"],
  ["permit_misspelt", withClaims({ sw: { schema: {} } }), "body"],
  ["permit_unknown", withClaims({ sw: { colour: "red" } }), "colour"],
  ["permit_unknown", withClaims({ sw: { ["x".repeat(41)]: 1 } }), "(not a name)"],
  ["token_malformed", withClaims({ sw: { to: [] } }), "sw.to is empty"],
  ["token_malformed", withClaims({ sw: "{}" }), "sw is not an object"],
  ["token_malformed", withClaims({ sw: ["to"] }), "sw is not an object"],
  ["token_malformed", withClaims({ sw: [] }), "sw is not an object"],
  ["token_malformed", withClaims({ sw: null }), "sw is not an object"],
  ["token_malformed", withClaims({ sw: 5 }), "sw is not an object"],
  ["token_malformed", withClaims({ sw: true }), "sw is not an object"],
  ["token_malformed", withClaims({ sw: { models: [] } }), "sw.models is empty"],
  ["token_malformed", withClaims({ sw: { binary: 1 } }), "sw.binary is not true or false"],
  [
    "token_malformed",
    withClaims({ jti: "1", sw: { uses: 0 } }),
    "sw.uses is not a whole number from 1 to 9e15",
  ],
  ["permit_misspelt", withClaims({ jti: "1", sw: { use: 1 } }), "uses"],
  ["permit_misspelt", withClaims({ jti: "1", sw: { rate_limit: "1/s" } }), "rate"],
  ["claim_missing", withClaims({ sw: { uses: 1 } }), "jti"],
  ["claim_missing", withClaims({ jti: "1", iat: undefined, sw: { uses: 1 } }), "iat"],
  ["time_malformed", withClaims({ exp: SECONDS + 300.5 }), "exp"],
  ["time_malformed", withClaims({ exp: `${SECONDS + 300}` }), "exp"],
  ["time_malformed", withClaims({ nbf: "now" }), "nbf"],
  ["time_in_milliseconds", withClaims({ exp: NOW.getTime() + 300_000 }), "exp"],
  ["time_in_milliseconds", withClaims({ iat: NOW.getTime() }), "iat"],
  ["exp_is_duration", withClaims({ exp: 300 })],
  ["token_expired", withClaims({ iat: SECONDS - 300, exp: SECONDS }), "exp"],
  ["token_not_yet_valid", withClaims({ nbf: SECONDS + 301 }), "nbf"],
  ["token_not_yet_valid", withClaims({ iat: SECONDS + 301, exp: SECONDS + 400 }), "iat"],
  ["token_lifetime_too_long", withClaims({ exp: SECONDS + 604_801 }), "exp"],
];

/** Mistakes with the secret and the audience, and the options that show them. */
export const SIGNATURES: [
  code: CauseCode,
  token: string,
  options?: ExplainTokenOptions,
  detail?: string,
][] = [
  ["token_algorithm", withHeader({ alg: "none" }), {}, "none"],
  ["token_algorithm", withHeader({ alg: "HS512" }), {}, "HS512"],
  ["token_algorithm", withHeader({ alg: "RS256" }), {}, "RS256"],
  ["token_algorithm", withHeader({ alg: "none" }), { secrets: [] }, "none"],
  ["secret_whitespace", make({ secret: `${SECRET}\n` })],
  ["secret_whitespace", good, { secrets: [` ${SECRET} `] }],
  ["secret_quoted", make({ secret: `"${SECRET}"` })],
  ["secret_case", make({ secret: SECRET.toUpperCase() })],
  ["secret_empty", make({ secret: "" })],
  ["secret_empty", make({ secret: "undefined" })],
  ["secret_is_id", make({ secret: "web" })],
  ["secret_of_other_app", make({ secret: OTHER.secrets[0]! }), { others: [OTHER] }, "shop"],
  ["secret_hex_decoded", make({ secret: Buffer.from(SECRET, "hex") })],
  ["secret_base64_decoded", make({ secret: Buffer.from(SECRET, "base64") })],
  ["secret_cut", make({ secret: LETTERS.slice(0, 8) }), { secrets: [LETTERS] }, "8"],
  ["secret_too_short", make({ secret: "short" }), { secrets: ["short", SECRET] }],
  ["secret_too_short", good, { secrets: [SECRET.slice(0, 31)] }],
  ["token_signature_mismatch", make({ secret: "quite another secret of some length" })],
  ["token_audience_mismatch", withClaims({ aud: "a" }), { audience: "b" }],
  ["token_audience_mismatch", withClaims({ aud: ["a", "c"] }), { audience: null }],
];

function standardBase64(): string {
  // The payload has bytes that give both characters.
  const token = withClaims({ sub: "~~~???>>>" });
  const other = token.replaceAll("-", "+").replaceAll("_", "/");
  if (other === token) throw new Error("the payload has neither character");
  return other;
}
