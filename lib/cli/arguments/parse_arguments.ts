import { parseArgs } from "node:util";
import leven from "leven";
import { ConfigError } from "../../config/config_error.ts";
import type { Flags } from "./flags.ts";
import type { FlagName } from "./serve_flags.ts";

/** A parsed command line. */
export interface Arguments<Name = FlagName> {
  positionals: readonly string[];
  /** The values of each given option, in the order of the command line. A switch has the value `""`. */
  given: ReadonlyMap<Name, readonly string[]>;
}

/**
 * Parses a command line.
 *
 * @param args the arguments after the names of the program and the command
 * @param flags the options of the command
 * @returns the positional arguments and the values of the options, unconverted
 * @throws ConfigError with every wrong option, and a suggestion for an unknown one
 */
export function parseArguments<F extends Flags>(
  args: readonly string[],
  flags: F,
): Arguments<keyof F & string> {
  const { tokens, positionals } = parseArgs({
    args: replaceDashH(args),
    options: optionsOf(flags),
    strict: false,
    tokens: true,
  });
  const mistakes: string[] = [];
  const given = new Map<keyof F & string, string[]>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const mistake = findMistake(token, flags, given);
    if (mistake) mistakes.push(mistake);
    const { name } = token;
    given.set(name, [...(given.get(name) ?? []), token.value ?? ""]);
  }
  if (mistakes.length > 0) throw new ConfigError([...new Set(mistakes)]);
  return { positionals, given };
}

function optionsOf(flags: Flags) {
  return Object.fromEntries(
    Object.entries(flags).map(([name, { value, short }]) => [
      name,
      { type: value ? "string" : "boolean", multiple: true, ...(short && { short }) } as const,
    ]),
  );
}

// The message does not contain the argument, which may be a secret that begins with a dash.
const UNREADABLE =
  "an argument begins with a dash but is not an option: put -- before ID and SECRET";

// As in the original signway, -h means --header if a value with a colon follows, otherwise --help.
function replaceDashH(args: readonly string[]): string[] {
  return args.map((arg, i) => {
    if (arg !== "-h") return arg;
    return args[i + 1]?.includes(":") ? "--header" : "--help";
  });
}

function findMistake(
  { name, rawName, value }: { name: string; rawName: string; value?: string | undefined },
  flags: Flags,
  given: ReadonlyMap<string, unknown>,
): string | undefined {
  const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
  if (!flag && !/^--[a-z]+(-[a-z]+)*$/i.test(rawName)) return UNREADABLE;
  if (!flag) return `unknown option ${rawName}${suggestFlag(name, flags)}`;
  if (flag.value && value === undefined) return `--${name} needs a value: --${name} ${flag.value}`;
  if (!flag.value && value !== undefined) return `--${name} takes no value`;
  if (!flag.many && given.has(name)) return `--${name} is given twice`;
  return undefined;
}

function suggestFlag(name: string, flags: Flags): string {
  const [first, ...rest] = Object.keys(flags);
  const nearest = rest.reduce((a, b) => (leven(b, name) < leven(a, name) ? b : a), first!);
  // At a distance of its whole length, the name has nothing in common with the option.
  return leven(nearest, name) < name.length ? `: did you mean --${nearest}?` : "";
}
