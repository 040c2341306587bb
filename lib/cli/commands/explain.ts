import { tokenInPath } from "../support/signing/token_in_path.ts";
import { ConfigError } from "../../config/config_error.ts";
import { type Explanation, explainToken, explainUrl, isTokenLike } from "../../signing/explain.ts";
import type { ExplainFlagName } from "../arguments/explain_flags.ts";
import type { Arguments } from "../arguments/parse_arguments.ts";
import type { CommandContext } from "../support/command_context.ts";
import {
  explainTokenOfApps,
  explainUrlOfApps,
  withCausesOfSchema,
} from "../support/signing/explain_with_apps.ts";
import { type GivenRequest, givenRequest } from "../support/signing/given_request.ts";
import { type KnownApps, knownApps } from "../support/signing/known_apps.ts";
import { explanationText } from "../support/text/explanation_text.ts";
import { hideSecrets, hideSecretsOfToken } from "../support/text/hide_secrets.ts";
import { tokenText } from "../support/text/token_text.ts";

/** The output of {@link explain}. */
export interface ExplainOutput {
  /** The explanation for stdout, with a newline. */
  text: string;
  /** Whether it is accepted; without a secret, whether it is well formed and current. */
  isSound: boolean;
}

/** The credential to explain, and how to print the explanation. */
interface Subject {
  /** The URL or the token. */
  text: string;
  known: KnownApps | undefined;
  now: Date;
  isJson: boolean;
}

/**
 * `signway explain`: describes a signed URL or an access token, and the reasons why a gateway refuses it.
 *
 * @param args the command line, from `parseArguments`
 * @param context the environment, the file readers and the current time
 * @returns a text with lines of at most 80 characters, or JSON with `--json`; neither contains a secret
 * @throws ConfigError when the command line or the configuration is wrong
 */
export async function explain(
  { given, positionals }: Arguments<ExplainFlagName>,
  { env, read, readBytes, readInput, now }: CommandContext,
): Promise<ExplainOutput> {
  const [argument = "", ...rest] = positionals;
  const mistakes: string[] = [];
  if (positionals.length === 0 || rest.length > 0) {
    mistakes.push("explain needs exactly one URL or token, in quotes");
  }
  const request = givenRequest(given, readBytes, mistakes);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const pasted = argument === "-" ? withoutNewline(await readInput()) : argument;
  // A client that takes nothing but a URL gets its token in the path.
  const text = tokenInPath(pasted) ?? pasted;
  const isToken = isTokenLike(text);
  if (isToken) assertNoRequest(given);
  const known = knownApps(given, env, read);
  const subject = { text, known, now, isJson: given.has("json") };
  return isToken ? explainOneToken(subject) : explainOneUrl(subject, request);
}

function withoutNewline(input: Uint8Array): string {
  return new TextDecoder().decode(input).replace(/\r?\n$/, "");
}

const REQUEST_FLAGS = ["method", "header", "body", "body-file"] as const;

function assertNoRequest(given: Arguments<ExplainFlagName>["given"]): void {
  const flags = REQUEST_FLAGS.filter((name) => given.has(name));
  if (flags.length === 0) return;
  throw new ConfigError(
    flags.map((name) => `--${name} describes a request to a signed URL, and this is a token`),
  );
}

async function explainOneUrl(
  { text: url, known, now, isJson }: Subject,
  request: GivenRequest,
): Promise<ExplainOutput> {
  const { body, ...described } = request;
  const options = { ...described, now, ...(body && { body: body.bytes }) };
  const explained = known
    ? await explainUrlOfApps(url, options, known)
    : withoutHeaderCauses(await explainUrl(url, options));
  const explanation = hideSecrets(explained, known?.apps ?? []);
  const text = isJson
    ? formatJson(explanation)
    : explanationText(explanation, {
        request,
        now,
        isSecretKnown: known !== undefined,
        areRulesKnown: areRulesKnown(known),
      });
  return { text, isSound: explanation.causes.length === 0 };
}

async function explainOneToken({
  text: token,
  known,
  now,
  isJson,
}: Subject): Promise<ExplainOutput> {
  const explained = known
    ? await explainTokenOfApps(token, now, known)
    : withCausesOfSchema(await explainToken(token, { now }), token);
  const explanation = hideSecretsOfToken(explained, known?.apps ?? []);
  const isSecretKnown = known !== undefined;
  const isAudienceKnown = known?.apps.some(({ audience }) => audience !== undefined) ?? false;
  const text = isJson
    ? formatJson(explanation)
    : tokenText(explanation, {
        now,
        isSecretKnown,
        isAudienceKnown,
        areRulesKnown: areRulesKnown(known),
      });
  return { text, isSound: explanation.causes.length === 0 };
}

function areRulesKnown(known: KnownApps | undefined): boolean {
  return known?.apps.some(({ upstreams }) => upstreams !== undefined) ?? false;
}

function formatJson(explanation: object): string {
  return `${JSON.stringify(explanation, null, 2)}\n`;
}

// The command line need not describe the whole request, so a missing header is no reason to refuse the URL.
function withoutHeaderCauses(explanation: Explanation): Explanation {
  const causes = explanation.causes.filter(({ code }) => code !== "signed_header_missing");
  if (causes.length > 0) return { ...explanation, causes };
  return { ...explanation, accepted: undefined, causes };
}
