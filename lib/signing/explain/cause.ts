import type { SignatureErrorCode } from "../sw1/signature_error.ts";

/** One cause for which a URL is refused, and its remedy. */
export interface Cause {
  /** A stable name for programs. */
  code: CauseCode;
  /** A word of the request that makes it precise: a method, a header's name, a path, an app's id. */
  detail?: string;
  /** The mistake, in one sentence. */
  sentence: string;
  /** What to do about it, in one sentence. */
  remedy: string;
}

const ENCODE =
  "Encode each value once, as encodeURIComponent does, and sign the very text that is sent.";
const TARGET = "Sign the target letter for letter as X-Sw-Proxy carries it.";
const BODY = "Sign and send the same bytes: write the body once, and use that text for both.";
const HEADER = "Send the header exactly as it was signed, or leave it out of the signature.";
const SECRET = "Compare the signer's setting with the gateway's, to the last character.";
const COPY = "Copy the URL again, whole and unchanged.";

/** The texts of each cause. `{}` stands for the detail. */
const CAUSES = {
  method_differs: [
    "It was signed for the method {}.",
    "Send the request with {}, or sign for the other method.",
  ],
  method_case: [
    "The method was signed in lower case.",
    "Sign it in upper case, as the request line has it.",
  ],
  trailing_slash: [
    "The gateway's path was signed as {}.",
    "Sign the path as it is sent, with or without its last slash.",
  ],
  path_prefix_stripped: [
    "The path was signed as {}, and a proxy has stripped its prefix.",
    "Tell the gateway with --public-path.",
  ],
  path_prefix_added: [
    "The path was signed as {}, without the prefix that the request has.",
    "Sign for the gateway's public URL, its path included.",
  ],
  header_name_case: ["The headers' names were signed with capitals.", "Sign them in lower case."],
  header_left_out: [
    "The header {} is named as signed, and was left out of the canonical headers.",
    "Sign a line for every header that X-Sw-SignedHeaders names.",
  ],
  header_value_case: ["The value of {} was signed in lower case.", HEADER],
  header_whitespace: ["The value of {} was signed with other white space.", HEADER],
  header_parameter: [
    "The value of {} was signed with another parameter, such as a charset.",
    HEADER,
  ],
  header_empty: ["The value of {} was signed as empty.", HEADER],
  content_length_differs: [
    "The request's content-length is not its body's.",
    "Let the client set it, in bytes.",
  ],
  body_not_announced: [
    "A body was signed, but X-Sw-Body is false.",
    "Set X-Sw-Body=true before signing.",
  ],
  body_absent: ["An empty body was signed, and the request has one.", BODY],
  body_left_out: [
    "X-Sw-Body is true, but the signer left the body out.",
    "Append the body to the canonical request.",
  ],
  body_newline: ["The body was signed with another end of its last line.", BODY],
  body_whitespace: ["The body was signed without the white space around it.", BODY],
  body_line_ends: ["The body was signed with other line ends, CRLF or LF.", BODY],
  body_byte_order_mark: ["The body's byte order mark was added or taken away.", BODY],
  body_json: ["The body is the same JSON, written in another way.", BODY],
  body_flag_changed: ["X-Sw-Body was changed after signing.", COPY],
  encoding_absent: ["The parameters were signed without percent-encoding.", ENCODE],
  encoding_double: [
    "The parameters were percent-encoded twice on one side, once on the other.",
    ENCODE,
  ],
  encoding_lower_case: [
    "The percent-encoding was signed with lower-case hex digits, and sent with others.",
    ENCODE,
  ],
  encoding_of_path: ["The parameters were signed with / left as it is.", ENCODE],
  encoding_plus: ["A space and a plus sign in the target were confused.", ENCODE],
  parameters_unsorted: ["The parameters were signed in another order.", "Sort them by name."],
  target_cut: ["The target's own & was not encoded, so that the URL cuts it short.", ENCODE],
  target_scheme: ["The target was signed with the other of http and https.", TARGET],
  target_default_port: [
    "The target's default port was signed and not sent, or sent and not signed.",
    TARGET,
  ],
  target_slash: ["The target was signed with or without the slash at the end of its path.", TARGET],
  target_normalised: ["The target was signed in its normal form, and sent in another.", TARGET],
  expires_changed: ["It was signed for {} seconds, and X-Sw-Expires was changed since.", COPY],
  id_swapped: [
    "It was signed for the app {}, and not for the one that it names.",
    "Sign with the id that the URL carries.",
  ],
  secret_whitespace: ["White space or a newline stands around the secret on one side.", SECRET],
  secret_quoted: ["Quotation marks stand around the secret on one side.", SECRET],
  secret_case: ["The secret was written in another case.", SECRET],
  secret_empty: ["The signer had no secret.", "Set the variable that the signer reads it from."],
  secret_is_id: ["The app's id was used as the secret.", SECRET],
  secret_of_other_app: [
    "It was signed with the secret of the app {}.",
    "Sign with the secret of the app that the URL names.",
  ],
  scope_day: ["The key was derived for another day, {}.", "Use the UTC day of X-Sw-Date."],
  html_escaped: [
    "The URL is escaped for HTML: it has &amp; for &.",
    "Take the link's address, not its source.",
  ],
  url_cut: [
    "The URL ends too early.",
    "Put it between quotation marks in a shell: & ends a command.",
  ],
  not_signed: [
    "This URL is not a signed one: it has no X-Sw parameter.",
    "Give the URL that the signer made, whole.",
  ],
  url_encoded_twice: ["The URL's values are percent-encoded twice.", ENCODE],
  signature_cut: ["The signature has not 64 digits.", COPY],
  signature_case: ["The signature is not in lower case.", "Write its hex digits in lower case."],
  url_malformed: ["This is not an absolute URL.", "Give the whole of it, from https:// on."],
  unknown: [
    "The signature fits none of the usual mistakes.",
    "Compare the canonical request with the signer's own, line by line; then the secrets.",
  ],
  signature_missing: ["There is no X-Sw-Signature.", COPY],
  parameter_missing: ["{} is missing.", COPY],
  parameter_repeated: ["{} stands in the URL twice.", COPY],
  parameter_unknown: [
    "The URL has an X-Sw parameter that the protocol does not know.",
    "Write the names as the protocol does.",
  ],
  parameter_malformed: ["{} is malformed.", ENCODE],
  algorithm_unknown: ["X-Sw-Algorithm is not SW1-HMAC-SHA256.", "Use this algorithm."],
  date_malformed: ["X-Sw-Date is not a UTC moment of the form YYYYMMDDTHHMMSSZ.", "Write it so."],
  date_in_future: [
    "It was signed in the future.",
    "Set the signer's clock, and write the time in UTC, not in the local zone.",
  ],
  scope_mismatch: [
    "The day in X-Sw-Credential is not that of X-Sw-Date.",
    "Use the UTC day for both.",
  ],
  expires_malformed: ["X-Sw-Expires is not a plain decimal number.", "Write whole seconds."],
  expires_too_long: ["It holds for longer than the gateway allows.", "Sign for a shorter life."],
  expired: ["It has expired.", "Sign a fresh one; if this one is fresh, set the clocks."],
  signed_header_missing: ["The request lacks the header {}, which was signed.", HEADER],
  signature_mismatch: ["The signature does not match.", "Give the secret to learn why."],
  target_invalid: ["X-Sw-Proxy is not an absolute http(s) URL.", ENCODE],
  app_unknown: ["No app has this id.", "Compare the id with the gateway's configuration."],
} as const satisfies Record<string, readonly [sentence: string, remedy: string]> &
  Record<SignatureErrorCode, unknown>;

/** The name of a {@link Cause}. A program can switch on it. Codes are only added. */
export type CauseCode = keyof typeof CAUSES;

/**
 * Gives a cause with its texts.
 *
 * @param code the name of the cause
 * @param detail the word of the request that the texts mention
 */
export function causeOf(code: CauseCode, detail?: string): Cause {
  const [sentence, remedy] = CAUSES[code].map((text) =>
    text.replaceAll("{}", () => detail ?? "a part"),
  );
  return { code, ...(detail !== undefined && { detail }), sentence: sentence!, remedy: remedy! };
}
