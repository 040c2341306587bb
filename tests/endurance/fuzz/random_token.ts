import type { Random } from "../../support/random.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { mint } from "../../support/minted.ts";
import { mutateOften, randomText } from "./mutate.ts";

/** The time at which tokens are made and verified, in seconds since the epoch. */
export const NOW = 1_800_000_000;

/** Pieces that mean something to a parser of JSON, of base64url or of claims. */
const SNIPPETS = [
  ...'{}[]":,.-+_=~/\\ \n\0eE019',
  ...["null", "true", "1e9", "-0", "1.0", "9007199254740993", "1e400", "\\u0000", "\\ud800", "\\"],
  ...[
    '"sw":{}',
    '"sw":null',
    '"iss":"test-app"',
    '"exp":1',
    '"__proto__":{}',
    '"cnf":{}',
    '"SW":{}',
  ],
  ...['"aud":[]', '"to":["https://api.example.com/"]', '"to":[]', '"ips":["::/0"]', '"policy":[]'],
  ...['"alg":"none"', '"alg":"HS256"', '"jwk":{}', '"crit":[]', '"b64":false', '"kid":"x"', "eyJ"],
  ...["\ufeff", "\ud800", "é", "🔑", "ſ", "K", "constructor", "toString", "[".repeat(70)],
];

/** Changes a text in a few places with such pieces. */
export const mutateJson = (text: string, random: Random): string =>
  mutateOften(text, random, 3, SNIPPETS);

/** Claims of every kind that a token may have, most of them right. */
export function randomClaims(random: Random): Record<string, unknown> {
  const origin = random.pick([
    "https://api.example.com",
    "http://10.0.0.5:8080",
    "https://b.example",
  ]);
  const path = random.pick(["", "/", "/v1/", "/v1/items", "/v1/%7Ea/"]);
  const sw = {
    ...(random.below(2) && { to: [`${random.pick(["", "GET ", "GET,POST "])}${origin}${path}`] }),
    ...(!random.below(4) && { origins: ["https://app.example"] }),
    ...(!random.below(4) && { ips: [random.pick(["10.0.0.0/8", "::/0", "192.0.2.1"])] }),
    ...(!random.below(4) && { seconds: 1 + random.below(1000) }),
  };
  return {
    iss: random.below(8) ? CREDENTIAL.id : random.pick(["nobody", "__proto__", randomText(random)]),
    exp: NOW + random.pick([300, 1, 0, -1, 604_800, 604_801]),
    sw,
    ...(!random.below(3) && { iat: NOW - random.below(100) }),
    ...(!random.below(5) && { nbf: NOW + random.below(600) }),
    ...(!random.below(3) && { sub: `user-${random.below(1000)}` }),
    ...(!random.below(5) && { jti: randomText(random).toWellFormed() }),
    ...(!random.below(8) && { aud: random.pick(["x", [], ["x", "y"]]) }),
    ...(!random.below(3) && { [randomText(random)]: randomText(random) }),
  };
}

/** A token that is rightly signed, of the shape of {@link randomClaims}. */
export function randomToken(random: Random): string {
  return mint({ rawPayload: JSON.stringify(randomClaims(random)) });
}
