import type { SignatureErrorCode } from "../sw1/signature_error.ts";
import { TOKEN_CAUSES } from "./token_causes.ts";

/** A reason why a gateway refuses a URL or a token, and its remedy. */
export interface Cause {
  /** A stable code for programs. */
  code: CauseCode;
  /** The value that the texts mention, such as a method, header name, path, parameter, app id or claim. */
  detail?: string;
  /** The mistake, in one sentence. */
  sentence: string;
  /** How to correct it, in one sentence. */
  remedy: string;
}

const ENCODE =
  "Percent-encode each value once, like encodeURIComponent, and sign the text exactly as it is sent.";
const TARGET = "Sign the target exactly as it is in X-Sw-Proxy.";
const BODY = "Sign and send the same bytes: serialize the body once, and use it for both.";
const HEADER = "Send the header exactly as it was signed, or do not sign it.";
const SECRET = "Compare the signer's secret with the gateway's, character by character.";
const COPY = "Copy the whole URL again, unchanged.";

/** The sentence and the remedy of each cause. `{}` is replaced by the detail. */
const CAUSES = {
  ...TOKEN_CAUSES,
  method_differs: [
    "The URL was signed for the method {}.",
    "Send the request with {}, or sign for the request's method.",
  ],
  method_case: [
    "The method was signed in lower case.",
    "Sign it in upper case, as in the request line.",
  ],
  trailing_slash: [
    "The gateway's path was signed as {}.",
    "Sign the path exactly as it is sent, including any trailing slash.",
  ],
  path_prefix_stripped: [
    "The path was signed as {}, but a proxy removed its prefix.",
    "Set the gateway's --public-path to this prefix.",
  ],
  path_prefix_added: [
    "The path was signed as {}, without the prefix of the request.",
    "Sign for the gateway's public URL, including its path.",
  ],
  header_name_case: [
    "The header names were signed with capital letters.",
    "Sign them in lower case.",
  ],
  header_left_out: [
    "The signed header {} was left out of the canonical request.",
    "Add a line for every header in X-Sw-SignedHeaders.",
  ],
  header_value_case: ["The value of {} was signed in lower case.", HEADER],
  header_whitespace: ["The value of {} was signed with different white space.", HEADER],
  header_parameter: [
    "The value of {} was signed with different parameters, such as a charset.",
    HEADER,
  ],
  header_empty: ["An empty value of {} was signed.", HEADER],
  content_length_differs: [
    "The Content-Length is not the length of the body.",
    "Let the HTTP client set it.",
  ],
  body_not_announced: [
    "A body was signed, but X-Sw-Body is false.",
    "Set X-Sw-Body=true before signing.",
  ],
  body_absent: ["An empty body was signed, but the request has a body.", BODY],
  body_left_out: [
    "X-Sw-Body is true, but the body was not signed.",
    "Append the body to the canonical request.",
  ],
  body_newline: ["The body was signed with a different newline at its end.", BODY],
  body_whitespace: ["The body was signed without leading and trailing white space.", BODY],
  body_line_ends: ["The body was signed with different line endings (CRLF or LF).", BODY],
  body_byte_order_mark: ["Only one of the signed and the sent body has a byte order mark.", BODY],
  body_json: ["The same JSON was signed in a different format.", BODY],
  body_repeats_names: [
    "The body contains the names of the signed headers, as the canonical request does.",
    "Do not sign this body, or sign no other header than its length.",
  ],
  body_flag_changed: ["X-Sw-Body was changed after signing.", COPY],
  encoding_absent: ["The parameters were signed without percent-encoding.", ENCODE],
  encoding_double: [
    "The parameters were percent-encoded twice in the signed text or the URL.",
    ENCODE,
  ],
  encoding_lower_case: ["Lower-case percent-encoding was signed, but not sent.", ENCODE],
  encoding_of_path: ["The parameters were signed without encoding /.", ENCODE],
  encoding_plus: ["A space was signed as a plus sign in the target, or the reverse.", ENCODE],
  parameters_unsorted: ["The parameters were signed in the wrong order.", "Sort them by name."],
  target_cut: ["An & in the target was not percent-encoded, so the target ends there.", ENCODE],
  target_scheme: ["The target was signed with http and sent with https, or the reverse.", TARGET],
  target_default_port: [
    "The target's default port was signed but not sent, or the reverse.",
    TARGET,
  ],
  target_slash: ["The target's trailing slash was signed but not sent, or the reverse.", TARGET],
  target_normalised: ["The target was signed in normalized form, but sent in another.", TARGET],
  expires_changed: ["The URL was signed for {} seconds, and X-Sw-Expires was changed later.", COPY],
  id_swapped: [
    "The URL was signed for the app {}, but names another app.",
    "Sign with the id that is in the URL.",
  ],
  secret_whitespace: ["The secret of the signer or the gateway has white space around it.", SECRET],
  secret_quoted: ["The secret of the signer or the gateway has quotation marks around it.", SECRET],
  secret_case: ["The secrets differ in upper and lower case.", SECRET],
  secret_empty: ["The signer had no secret.", "Set the variable from which the signer reads it."],
  secret_is_id: ["The app's id was used as the secret.", SECRET],
  secret_of_other_app: [
    "The signer used the secret of the app {}.",
    "Use the secret of the app that the URL or the token names.",
  ],
  scope_day: [
    "The signing key was derived for a different day, {}.",
    "Use the UTC day of X-Sw-Date.",
  ],
  html_escaped: [
    "The URL is escaped for HTML: it has &amp; instead of &.",
    "Copy the link's address, not its HTML source.",
  ],
  url_cut: ["The URL is incomplete.", "In a shell, quote it, because & ends a command."],
  not_signed: [
    "This URL is not signed: it has no X-Sw parameters.",
    "Use the whole URL that the signer returned.",
  ],
  subject_required: [
    "The app has limits for each end user, and a signed URL names none.",
    "Use an access token with a subject.",
  ],
  url_encoded_twice: ["The URL's values are percent-encoded twice.", ENCODE],
  signature_cut: ["The signature does not have 64 digits.", COPY],
  signature_case: ["The signature is not in lower case.", "Write its hex digits in lower case."],
  url_malformed: [
    "This is neither a signed URL nor a token.",
    "Use the whole URL, including https://, or the whole token.",
  ],
  unknown: [
    "No common mistake explains the wrong signature.",
    "Compare the canonical request with the signer's, line by line, and then the secrets.",
  ],
  signature_missing: ["The URL has no X-Sw-Signature.", COPY],
  parameter_missing: ["{} is missing.", COPY],
  parameter_repeated: ["{} is in the URL more than once.", COPY],
  parameter_unknown: [
    "The URL has an unknown X-Sw parameter.",
    "Use the exact parameter names of the protocol.",
  ],
  parameter_malformed: ["{} is malformed.", ENCODE],
  algorithm_unknown: ["X-Sw-Algorithm is not SW1-HMAC-SHA256.", "Use SW1-HMAC-SHA256."],
  date_malformed: ["X-Sw-Date is not a valid UTC time.", "Use the format YYYYMMDDTHHMMSSZ."],
  date_in_future: [
    "X-Sw-Date is in the future.",
    "Correct the signer's clock, and use UTC instead of local time.",
  ],
  scope_mismatch: [
    "The days in X-Sw-Credential and X-Sw-Date differ.",
    "Use the UTC day for both.",
  ],
  expires_malformed: ["X-Sw-Expires is not a whole number of seconds.", "Use decimal digits."],
  expires_too_long: [
    "The URL is valid for longer than the gateway allows.",
    "Sign it with a shorter lifetime.",
  ],
  expired: ["The URL has expired.", "Sign a new one; if this one is new, correct the clocks."],
  signed_header_missing: ["The request lacks the signed header {}.", HEADER],
  signature_mismatch: ["The signature does not match.", "Provide the secret to find out why."],
  target_invalid: ["X-Sw-Proxy is not an absolute http(s) URL, or its host is too long.", ENCODE],
  app_unknown: [
    "The gateway has no app with this id.",
    "Compare the id with the gateway's configuration.",
  ],
} as const satisfies Record<string, readonly [sentence: string, remedy: string]> &
  Record<SignatureErrorCode, unknown>;

/** The code of a {@link Cause}. Programs can switch on it. Codes are added, never removed. */
export type CauseCode = keyof typeof CAUSES;

/**
 * Creates a cause with its texts.
 *
 * @param code the code of the cause
 * @param detail the value that the texts mention. Default: none
 */
export function causeOf(code: CauseCode, detail?: string): Cause {
  const [sentence, remedy] = CAUSES[code].map((text) =>
    text.replaceAll("{}", () => detail ?? "A parameter"),
  );
  return { code, ...(detail !== undefined && { detail }), sentence: sentence!, remedy: remedy! };
}
