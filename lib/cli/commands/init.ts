import { ConfigError } from "../../config/config_error.ts";
import type { InitFlagName } from "../arguments/init_flags.ts";
import type { Arguments } from "../arguments/parse_arguments.ts";
import { type Choices, type Question, QUESTIONS } from "../support/init/choices.ts";
import type { Ask } from "../support/init/ask.ts";
import { configurationText } from "../support/init/configuration_text.ts";
import { nextSteps } from "../support/init/next_steps.ts";

/** What {@link init} needs of its surroundings. */
export interface InitContext {
  /** Asks the person at the terminal. Absent: there is no terminal. */
  ask?: Ask | undefined;
  exists: (path: string) => boolean;
  /** Writes a file; returns why it could not, `EEXIST` when it exists and may not be replaced. */
  write: (path: string, text: string, replace: boolean) => string | undefined;
}

const DEFAULT_FILE = "signway.toml";

/**
 * `signway init`: writes a configuration file for the answers to four questions.
 *
 * @param args the command line, from `parseArguments`
 * @param context the terminal and the file system
 * @returns what to do next, with a newline
 * @throws ConfigError when an answer is missing or wrong, or the file cannot be written
 */
export async function init(
  { given, positionals }: Arguments<InitFlagName>,
  { ask, exists, write }: InitContext,
): Promise<string> {
  const [file = DEFAULT_FILE, ...rest] = positionals;
  const mistakes: string[] = [];
  // The argument is not repeated: it is a secret if init is meant to be an id.
  if (rest.length > 0 || !/\.toml$/i.test(file)) {
    mistakes.push(
      "init takes one FILE that ends in .toml: if init is the id of an app, write 'signway serve ID SECRET'",
    );
  }
  const existing = `${file} exists: name another file, or replace it with --force`;
  const replaces = given.has("force");
  if (mistakes.length === 0 && !replaces && exists(file)) mistakes.push(existing);
  const choices = choicesFrom(given, ask !== undefined, mistakes);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const chosen = await askFor(choices, ask);
  const failure = write(file, configurationText(chosen), replaces);
  // Another program may have made it meanwhile.
  if (failure === "EEXIST") throw new ConfigError([existing]);
  if (failure !== undefined) throw new ConfigError([`${file} cannot be written (${failure})`]);
  return nextSteps(file, chosen);
}

type Found = { [Key in keyof Choices]?: Choices[Key] };

/** The answers of the command line. Without a terminal, defaults stand in for those that are missing. */
function choicesFrom(
  given: Arguments<InitFlagName>["given"],
  canAsk: boolean,
  mistakes: string[],
): Found {
  const found: Found = {};
  const read = <Key extends keyof Choices>(key: Key) => {
    const { flag, default: fallback, read } = QUESTIONS[key] as Question<Choices[Key]>;
    const text = given.get(flag)?.join(",") ?? (canAsk ? undefined : fallback);
    if (text === undefined) {
      if (!canAsk) mistakes.push(`--${flag} is missing, and there is no terminal to ask at`);
      return;
    }
    const answer = read(text);
    if (typeof answer === "string") mistakes.push(`--${flag}: ${answer}`);
    else found[key] = answer.value;
  };
  for (const key of Object.keys(QUESTIONS)) read(key as keyof Choices);
  return found;
}

async function askFor(found: Found, ask: Ask | undefined): Promise<Choices> {
  const complete = async <Key extends keyof Choices>(key: Key): Promise<Choices[Key]> => {
    const known = found[key] as Choices[Key] | undefined;
    return known ?? (await ask!(QUESTIONS[key] as Question<Choices[Key]>));
  };
  return {
    api: await complete("api"),
    origins: await complete("origins"),
    credential: await complete("credential"),
    place: await complete("place"),
  };
}
