import type { TokenErrorCode } from "../token/token_error.ts";

const COPY = "Copy the whole token again, unchanged.";
const CORRECT = "Correct it in the program that makes the token.";
const KEY = "Use the secret's text as it is written: its UTF-8 bytes are the key.";

/** The sentence and the remedy of each cause that only tokens have. `{}` is replaced by the detail. */
export const TOKEN_CAUSES = {
  token_bearer: [
    'The token has the word "Bearer" before it.',
    "Use the token alone: API clients add the word themselves.",
  ],
  token_quoted: ["The token has quotation marks around it.", "Remove them."],
  token_whitespace: [
    "The token has white space or a line break in it.",
    "Remove it: a token is one word.",
  ],
  token_padded: [
    "The parts of the token end with the padding =.",
    "Encode them in base64url without padding.",
  ],
  token_alphabet: [
    "The token has + or /, which are characters of base64 but not of base64url.",
    "Encode its parts in base64url, with - and _ instead.",
  ],
  token_cut: ["The token is incomplete, or something was added at its end.", COPY],
  token_too_long: ["The token has more than {} characters.", "Grant less, in fewer words."],
  token_encrypted: [
    "This is an encrypted token (JWE).",
    "Sign the token with HS256, and do not encrypt it.",
  ],
  token_malformed: ["The token is malformed: {}.", CORRECT],
  token_algorithm: [
    "The token has the algorithm {}.",
    "Sign it with HS256: the secrets of an app verify nothing else.",
  ],
  token_signature_mismatch: [
    "The signature does not match, and no common mistake explains it.",
    "Compare the secrets, and make sure that the token was not changed after signing.",
  ],
  claim_missing: ["The claim {} is missing.", CORRECT],
  claim_differs: [
    "The claim {} does not have the value that the app requires.",
    "Compare it with the setting require of the app's tokens.",
  ],
  claim_misplaced: [
    "The claim {} is at the top level of the token, where it limits nothing.",
    "Move it into the claim sw.",
  ],
  sw_missing: [
    "The claim sw is missing.",
    "List the limits in it; an empty object grants everything that the gateway's rules allow.",
  ],
  target_not_allowed: [
    "No rule of the app allows the target {}.",
    "Name another target, or correct the url and the methods of a rule.",
  ],
  permit_unknown: ["The claim sw has the unknown key {}.", "Remove it, or correct its name."],
  permit_misspelt: ["The claim sw has an unknown key that probably means {}.", "Name it {}."],
  time_malformed: [
    "The claim {} is not a whole number.",
    "Write it in seconds, without a fraction and without quotation marks.",
  ],
  time_in_milliseconds: [
    "The claim {} is in milliseconds.",
    "Divide the time by 1000 and round it down: JWTs have seconds.",
  ],
  exp_is_duration: [
    "The claim exp is a duration and not a moment.",
    "Add it to the current time in seconds since 1970.",
  ],
  token_expired: [
    "The token has expired.",
    "Make a new one; if this one is new, correct the clocks.",
  ],
  token_not_yet_valid: [
    "The claim {} is in the future.",
    "Correct the signer's clock, and write UTC and not local time.",
  ],
  token_lifetime_too_long: [
    "The token is valid for longer than the gateway allows.",
    "Make it with a shorter lifetime.",
  ],
  token_audience_mismatch: [
    "The claim aud does not name the gateway's audience.",
    "Write the audience of the gateway's configuration; if it has none, leave aud out.",
  ],
  policy_unknown: [
    "The token names the policy {}, which the gateway does not have.",
    "Write the name of a [[policy]] of the gateway's configuration.",
  ],
  provider_unknown: [
    "The provider of {} is not known, so the gateway refuses every request under limits for models or tools.",
    "Set provider in the rule for it.",
  ],
  tokens_disabled: [
    "The app accepts no tokens.",
    "Sign URLs, or set enabled to true in the app's tokens.",
  ],
  secret_too_short: [
    "The secret of the app has less than 32 bytes, so it signs URLs only.",
    "Make a longer one with 'openssl rand -hex 32', for the signer and the gateway.",
  ],
  secret_hex_decoded: ["The signer decoded the secret from hex.", KEY],
  secret_base64_decoded: ["The signer decoded the secret from base64.", KEY],
  secret_cut: [
    "The signer used only the first {} characters of the secret.",
    "Quote the secret where the signer reads it: # or $ may end it.",
  ],
} as const satisfies Record<string, readonly [sentence: string, remedy: string]> &
  Record<TokenErrorCode, unknown>;
