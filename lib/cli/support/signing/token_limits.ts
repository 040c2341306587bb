import { METHODS } from "../../../gateway/model/methods.ts";
import { JsonError } from "../../../signing/primitives/json_error.ts";
import { parseStrictJson } from "../../../signing/primitives/strict_json.ts";
import { parseAddressRange } from "../../../signing/token/address_range.ts";
import { ORIGIN } from "../../../signing/token/forms.ts";
import { type GrantedTarget, parseGrantedTarget } from "../../../signing/token/granted_target.ts";
import { parsePermits } from "../../../signing/token/permits.ts";
import { TokenError } from "../../../signing/token/token_error.ts";
import type { Arguments } from "../../arguments/parse_arguments.ts";
import type { TokenFlagName } from "../../arguments/token_flags.ts";
import type { ReadText } from "../read_file.ts";

/** The limits of a token, in the form of `signToken`. An absent limit does not apply. */
export interface TokenLimits {
  to?: readonly string[];
  origins?: readonly string[];
  ips?: readonly string[];
  seconds?: number;
}

/**
 * Reads the limits that a command line and its file of claims set. An option overrides the file's key.
 *
 * @param given from `parseArguments`
 * @param read how the file is read
 * @param mistakes gets every mistake, without a value
 * @returns the limits, to be used if there was no mistake
 */
export function tokenLimits(
  given: Arguments<TokenFlagName>["given"],
  read: ReadText,
  mistakes: string[],
): TokenLimits {
  const [file] = given.get("claims") ?? [];
  const [seconds] = given.get("seconds") ?? [];
  const lists = {
    to: readList(given.get("to"), exactTarget, `--to is not ${TARGET}`, mistakes),
    origins: readList(given.get("origin"), exactOrigin, `--origin is not ${PAGE_ORIGIN}`, mistakes),
    ips: readList(given.get("ip"), exactRange, `--ip is not ${ADDRESS}`, mistakes),
  };
  if (seconds !== undefined && !isSeconds(seconds)) {
    mistakes.push("--seconds must be a whole number of seconds from 1 on");
  }
  return {
    ...(file !== undefined && limitsOfFile(file, read, mistakes)),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined)),
    ...(seconds !== undefined && { seconds: Number(seconds) }),
  };
}

const TARGET =
  "a URL without user, query and fragment, or methods and such a URL: 'POST https://api.example.com/v1/chat'";
const PAGE_ORIGIN = "an origin in lower case and without a path, such as https://app.example.com";
const ADDRESS = "an IPv4 or IPv6 address, or a CIDR range such as 10.0.0.0/8";

/** Whether a text is a whole number from 1 on. */
export function isSeconds(text: string): boolean {
  return /^0*[1-9]\d{0,9}$/.test(text);
}

/** Writes a target as `signToken` takes it. */
export function formatTarget({ methods, origin, path }: GrantedTarget): string {
  return `${methods ? `${methods.join(",")} ` : ""}${origin}${path}`;
}

function readList(
  texts: readonly string[] | undefined,
  readEntry: (text: string) => string | undefined,
  mistake: string,
  mistakes: string[],
): string[] | undefined {
  return texts?.flatMap((text, i) => {
    const entry = readEntry(text);
    if (entry !== undefined) return entry;
    const number = texts.length > 1 ? ` number ${i + 1}` : "";
    mistakes.push(mistake.replace(" is", `${number} is`));
    return [];
  });
}

function exactTarget(text: string): string | undefined {
  const target = parseGrantedTarget(
    text.replace(/^[a-z,]+ +/i, (methods) => methods.toUpperCase()),
  );
  const known: readonly string[] = METHODS;
  const isKnown = target?.methods?.every((method) => known.includes(method)) ?? true;
  return target && isKnown ? formatTarget(target) : undefined;
}

function exactOrigin(text: string): string | undefined {
  return ORIGIN.test(text) ? text : undefined;
}

function exactRange(text: string): string | undefined {
  return parseAddressRange(text) ? text : undefined;
}

function limitsOfFile(path: string, read: ReadText, mistakes: string[]): TokenLimits {
  const text = read(path);
  if (text === undefined) {
    mistakes.push(`--claims: ${path} cannot be read`);
    return {};
  }
  try {
    const value = parseStrictJson(text);
    const { to } = parsePermits(value) ?? {};
    return { ...(value as TokenLimits), ...(to && { to: to.map(formatTarget) }) };
  } catch (error) {
    if (error instanceof JsonError) mistakes.push(`--claims: ${path}: ${error.message}`);
    else if (error instanceof TokenError) {
      const { claim = "", reason = "" } = error.details;
      mistakes.push(`--claims: ${path}: ${claim} ${reason}`);
    } else throw error;
    return {};
  }
}
