import { ConfigError } from "../../config/config_error.ts";
import { causeOf } from "../../signing/explain/cause.ts";
import { type Explanation, type ExplainOptions, explainUrl } from "../../signing/explain.ts";
import type { ExplainFlagName } from "../arguments/explain_flags.ts";
import type { Arguments } from "../arguments/parse_arguments.ts";
import type { CommandContext } from "../support/command_context.ts";
import { givenRequest } from "../support/signing/given_request.ts";
import { type KnownApps, knownApps } from "../support/signing/known_apps.ts";
import { explanationText } from "../support/text/explanation_text.ts";
import { hideSecrets } from "../support/text/hide_secrets.ts";

/** The output of {@link explain}. */
export interface ExplainOutput {
  /** The explanation for stdout, with a newline. */
  text: string;
  /** Whether the URL is accepted; without a secret, whether it is well formed and current. */
  isSound: boolean;
}

/**
 * `signway explain`: describes a signed URL, and the reasons why a gateway refuses it.
 *
 * @param args the command line, from `parseArguments`
 * @param context the environment, the file readers and the current time
 * @returns a text with lines of at most 80 characters, or JSON with `--json`; neither contains a secret
 * @throws ConfigError when the command line or the configuration is wrong
 */
export async function explain(
  { given, positionals }: Arguments<ExplainFlagName>,
  { env, read, readBytes, now }: CommandContext,
): Promise<ExplainOutput> {
  const [url = "", ...rest] = positionals;
  const mistakes: string[] = [];
  if (positionals.length === 0 || rest.length > 0) {
    mistakes.push("explain needs exactly one URL, in quotes");
  }
  const request = givenRequest(given, readBytes, mistakes);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const known = knownApps(given, env, read);
  const { body, ...described } = request;
  const options = { ...described, now, ...(body && { body: body.bytes }) };
  const explained = known
    ? await explainWithSecrets(url, options, known)
    : withoutHeaderCauses(await explainUrl(url, options));
  const explanation = hideSecrets(explained, known?.apps ?? []);
  const text = given.has("json")
    ? `${JSON.stringify(explanation, null, 2)}\n`
    : explanationText(explanation, { request, now, isSecretKnown: known !== undefined });
  return { text, isSound: explanation.causes.length === 0 };
}

async function explainWithSecrets(
  url: string,
  options: ExplainOptions,
  { apps, clockSkew }: KnownApps,
): Promise<Explanation> {
  const { parts } = await explainUrl(url, options);
  const named = apps.find(({ id }) => id === parts?.id);
  const explanation = await explainUrl(url, {
    ...options,
    clockSkew,
    secrets: (named ? [named] : apps).flatMap(({ secrets }) => secrets),
    others: apps.filter((app) => app !== named),
    ...(named && { maxExpires: named.maxExpires }),
  });
  if (named || !parts) return explanation;
  const others = explanation.causes.filter(({ code }) => code !== "unknown");
  return { ...explanation, accepted: false, causes: [causeOf("app_unknown"), ...others] };
}

// The command line need not describe the whole request, so a missing header is no reason to refuse the URL.
function withoutHeaderCauses(explanation: Explanation): Explanation {
  const causes = explanation.causes.filter(({ code }) => code !== "signed_header_missing");
  if (causes.length > 0) return { ...explanation, causes };
  return { ...explanation, accepted: undefined, causes };
}
