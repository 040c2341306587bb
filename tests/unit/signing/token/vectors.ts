import { ACCEPTED } from "./vectors_accepted.ts";
import { CLAIM_VECTORS } from "./vectors_claims.ts";
import { FORM_VECTORS } from "./vectors_form.ts";
import { GRANT_VECTORS } from "./vectors_grants.ts";
import { NOW, SECRET } from "./jws.ts";

/** A row of a table of tokens. */
export interface TokenVector {
  name: string;
  token: string;
  /** The code of the refusal, or `accepted`. */
  result: string;
  /** Settings of the verifier, in place of the usual ones. Times are in seconds. */
  verifier?: {
    now?: number;
    secrets?: string[];
    audience?: string;
    maxExpires?: number;
    clockSkew?: number;
  };
  /** For an accepted token: the claims `sub` and `sw`, which the verifier has to report. */
  granted?: { sub?: string; sw: object };
}

/** The content of tests/vectors/token.json. */
export function tokenVectors() {
  return {
    about:
      "Access tokens, and what a verifier makes of them: `accepted`, or the code of the refusal. The app `web` " +
      "has the secrets, the verifier's clock stands at `now`, it has no audience, tokens live at most " +
      "`maxExpires` seconds and `nbf` and `iat` may lie `clockSkew` seconds ahead, unless the row's `verifier` " +
      "has another value. Made by tests/unit/signing/token/write_vectors.ts.",
    verifier: { now: NOW, secrets: [SECRET], maxExpires: 604_800, clockSkew: 300 },
    cases: [...ACCEPTED, ...FORM_VECTORS, ...CLAIM_VECTORS, ...GRANT_VECTORS],
    noTokens: NO_TOKENS,
  };
}

const encode = (text: string) => Buffer.from(text).toString("base64url");

/** Values that nobody takes for a token, whatever their signature. */
const NO_TOKENS: readonly { name: string; text: string }[] = [
  { name: "an empty text", text: "" },
  { name: "a key of an API", text: "sk-proj-0123456789abcdefghijklmnopqrstuvwxyz" },
  { name: "two parts", text: `${encode("{}")}.${encode('{"iss":"web"}')}` },
  { name: "four parts", text: `${encode("{}")}.${encode('{"iss":"web"}')}.AA.AA` },
  { name: "five parts, as of a JWE", text: `${encode("{}")}.AA.AA.AA.AA` },
  { name: "no header", text: `.${encode('{"iss":"web"}')}.AA` },
  { name: "no payload", text: `${encode("{}")}..AA` },
  { name: "a payload that is not base64url", text: `${encode("{}")}.e30=.AA` },
  { name: "a payload of a wrong length", text: `${encode("{}")}.e30AA.AA` },
  { name: "a payload that is not JSON", text: `${encode("{}")}.${encode('{"iss":"web"')}.AA` },
  { name: "a payload that is a list", text: `${encode("{}")}.${encode('["iss"]')}.AA` },
  { name: "a payload that is null", text: `${encode("{}")}.${encode("null")}.AA` },
  { name: "a payload that is a text", text: `${encode("{}")}.${encode('"iss"')}.AA` },
  { name: "no issuer", text: `${encode("{}")}.${encode('{"sub":"web"}')}.AA` },
  { name: "an issuer that is a number", text: `${encode("{}")}.${encode('{"iss":1}')}.AA` },
  { name: "white space before it", text: ` ${encode("{}")}.${encode('{"iss":"web"}')}.AA` },
  { name: "a newline behind it", text: `${encode("{}")}.${encode('{"iss":"web"}')}.AA\n` },
  {
    name: "8,193 characters",
    text: `${encode("{}")}.${encode('{"iss":"web"}')}.`.padEnd(8193, "A"),
  },
];
