import { ConfigError } from "../../config/config_error.ts";
import { namesOfCredentials } from "../../config/names_of_credentials.ts";
import type { Settings } from "../../config/settings.ts";
import type { TriedRequest } from "../../gateway/trial.ts";
import { tryRequest } from "../../runtime/try_request.ts";
import type { Arguments } from "../arguments/parse_arguments.ts";
import type { TryFlagName } from "../arguments/try_flags.ts";
import { collectMistakes } from "../support/collect_mistakes.ts";
import type { CommandContext } from "../support/command_context.ts";
import { loadSettingsFile } from "../support/load_settings.ts";
import { requestToTry } from "../support/signing/request_to_try.ts";

/** The output of {@link tryOut}. */
export interface TryOutput {
  /** The body, the problem document or the JSON for stdout. A text ends with a newline. */
  output: string | Uint8Array;
  /** Whether the gateway would forward the request. */
  isForwarded: boolean;
}

// A secret may be the argument, so it is not repeated.
const NO_ARGUMENT =
  "try takes options only: if try is the id of an app, write 'signway serve ID SECRET'";

/**
 * `signway try`: shows what a gateway would forward of a request, or why it refuses it, without sending it.
 *
 * @param args from `parseArguments`
 * @param context environment, files and standard input
 * @returns the body that would be forwarded, with `--json` with what else is known; or the problem document. They
 *   contain no value of a header
 * @throws ConfigError with every mistake at once
 */
export async function tryOut(
  { given, positionals }: Arguments<TryFlagName>,
  context: CommandContext,
): Promise<TryOutput> {
  if (positionals.length > 0) throw new ConfigError([NO_ARGUMENT]);
  const mistakes: string[] = [];
  const settings = collectMistakes(() => settingsOf(given, context), mistakes);
  const described = await requestToTry(given, context, mistakes, settings?.publicPath ?? "/");
  if (!settings || !described) throw new ConfigError(mistakes);
  const { request, ...client } = described;
  const tried = await tryRequest(settings, request, client);
  if (tried instanceof Response) return { output: await refusalText(tried), isForwarded: false };
  return { output: given.has("json") ? asJson(tried) : bodyOf(tried), isForwarded: true };
}

function settingsOf(
  given: Arguments<TryFlagName>["given"],
  { env, read }: CommandContext,
): Settings {
  const [config] = given.get("config") ?? [];
  if (config === undefined) throw new ConfigError(["--config is missing: name the gateway's file"]);
  return loadSettingsFile(config, env, read);
}

async function refusalText(response: Response): Promise<string> {
  const text = await response.text();
  return `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
}

const NEWLINE = 10;

/** The bytes as they are, and a newline if they do not end with one. */
function bodyOf({ body }: TriedRequest): string | Uint8Array {
  if (!body) return "";
  return body.at(-1) === NEWLINE ? body : Buffer.concat([body, Buffer.of(NEWLINE)]);
}

/** Everything but the values of headers, the query of the target and what else may hold a credential. */
function asJson({ method, target, rule, edits, body }: TriedRequest): string {
  const { origin, pathname } = target;
  const added = namesOfCredentials(rule);
  const parts = JSON.stringify(
    { method, target: origin + pathname, added, edited: edits },
    null,
    2,
  );
  if (!body) return `${parts}\n`;
  return `${parts.slice(0, -"\n}".length)},\n  "body": ${jsonOf(body)}\n}\n`;
}

/** The text of a body that is JSON, with its numbers as they are; any other body as a text of JSON. */
function jsonOf(body: Uint8Array): string {
  const text = new TextDecoder().decode(body).trim();
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}
