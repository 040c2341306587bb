import { type ParsedToken, parseToken } from "../token/parse_token.ts";
import { type Cause, causeOf } from "./cause.ts";
import { checkTokenSignature } from "./check_token_signature.ts";
import type { Clock } from "./life.ts";
import { malformedTokenCause } from "./malformed_token_cause.ts";
import type { OtherApp } from "./mistake.ts";
import { describeToken, type TokenExplanation } from "./token_explanation.ts";
import { repairToken } from "./token_form.ts";
import { describeTokenLife } from "./token_life.ts";

/** Settings of {@link explainToken}. */
export interface ExplainTokenOptions extends Clock {
  /** The secrets of the app that the token names. Default: none, and the signature is not checked. */
  secrets?: readonly string[];
  /** Apps whose secret may have been used by mistake. Default: none. */
  others?: readonly OtherApp[];
  /** The audience of the gateway or the app; `null` when it has none. Default: the claim is not checked. */
  audience?: string | null;
}

/**
 * Explains an access token: what it grants, whether a gateway accepts it, and if not, which common mistake
 * was made. An invalid token is explained too; it causes no error.
 *
 * @param text the token, alone; something around it is a mistake that is explained
 * @param options the secrets, the audience, the clock and the limits in seconds
 * @returns plain data without the token, its signature, and anything that is derived from a secret
 *
 * @example
 * ```ts
 * const { accepted, causes, parts } = await explainToken(token, { secrets: [secret] });
 * console.log(accepted, causes.map(({ sentence, remedy }) => `${sentence} ${remedy}`), parts?.grants);
 * ```
 */
export async function explainToken(
  text: string,
  options: ExplainTokenOptions = {},
): Promise<TokenExplanation> {
  // A URL without its scheme looks like a token when it has two dots.
  if (text.includes("?")) return malformed([causeOf("url_malformed")]);
  const { token, codes } = repairToken(text);
  const causes = codes.map((code) => causeOf(code));
  let parsed: ParsedToken;
  try {
    parsed = parseToken(token);
  } catch (error) {
    return malformed([...causes, malformedTokenCause(error, token)]);
  }
  const { secrets = [], others = [], audience } = options;
  const usable = secrets.filter((secret) => secret.trim() !== "");
  const { signature, cause } = await checkTokenSignature(parsed, usable, others);
  const { life, cause: causeOfLife } = describeTokenLife(parsed, options);
  const found = [
    parsed.permits ? undefined : causeOf("sw_missing"),
    // The signer may have signed the text before the repair, which explains the signature.
    causes.length > 0 && cause?.code === "token_signature_mismatch" ? undefined : cause,
    causeOfLife,
    causeOfAudience(parsed, audience),
  ].filter((it) => it !== undefined);
  const all = [...causes, ...found];
  const accepted = signature === "right" ? true : undefined;
  return {
    accepted: all.length > 0 ? false : accepted,
    signature,
    causes: all,
    parts: describeToken(parsed),
    life,
  };
}

function malformed(causes: readonly Cause[]): TokenExplanation {
  return { accepted: false, signature: "unchecked", causes };
}

function causeOfAudience(
  { audience }: ParsedToken,
  expected: string | null | undefined,
): Cause | undefined {
  if (audience === undefined || expected === undefined) return undefined;
  const isNamed = expected !== null && audience.includes(expected);
  return isNamed ? undefined : causeOf("token_audience_mismatch");
}
