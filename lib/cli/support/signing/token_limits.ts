import { httpSpelling } from "../../../signing/primitives/http_url.ts";
import { METHODS } from "../../../gateway/model/methods.ts";
import { parseAddressRange } from "../../../signing/token/address_range.ts";
import { ALLOW_ENTRY, NAME_PATTERN, ORIGIN, POLICY_NAME } from "../../../signing/token/forms.ts";
import { parseCostBudget } from "../../../signing/token/budget.ts";
import { parseGrantedTarget } from "../../../signing/token/granted_target.ts";
import { parseRate } from "../../../signing/token/rate.ts";
import type { Arguments } from "../../arguments/parse_arguments.ts";
import type { TokenFlagName } from "../../arguments/token_flags.ts";
import type { ReadText } from "../../../config/read_text.ts";
import { limitsOfFile, type TokenLimits } from "./claims_file.ts";
import { formatTarget } from "./format_target.ts";

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
  const lists = LISTS.map(([flag, name, form]) => {
    return [name, readList(given.get(flag), `--${flag}`, form, mistakes)] as const;
  });
  const numbers = NUMBERS.map(([flag, name, unit]) => {
    const [text] = given.get(flag) ?? [];
    if (text === undefined) return [name, undefined] as const;
    if (!isCount(text)) mistakes.push(`--${flag} must be a whole number ${unit}from 1 on`);
    return [name, Number(text)] as const;
  });
  const texts = TEXTS.map(([flag, name, read]) => {
    const [text] = given.get(flag) ?? [];
    return [name, text === undefined ? undefined : read(text, mistakes)] as const;
  });
  const set = [...lists, ...numbers, ...texts].filter(([, value]) => value !== undefined);
  const ofFile = file === undefined ? {} : limitsOfFile(file, read, mistakes);
  return { ...ofFile, ...Object.fromEntries(set) };
}

/** The entries of a list: how a text is written as one, and what other texts are not. */
interface EntryForm {
  write: (text: string) => string | undefined;
  is: string;
}

const likePattern = (pattern: RegExp, is: string): EntryForm => ({
  write: (text) => (pattern.test(text) ? text : undefined),
  is,
});

const LISTS = [
  [
    "to",
    "to",
    {
      write: exactTarget,
      is: "a URL without user, query and fragment, or methods and such a URL: 'POST https://api.example.com/v1/chat'",
    },
  ],
  [
    "origin",
    "origins",
    likePattern(
      ORIGIN,
      "an origin in lower case and without a path, such as https://app.example.com",
    ),
  ],
  [
    "ip",
    "ips",
    {
      write: (text: string) => (parseAddressRange(text) ? text : undefined),
      is: "an IPv4 or IPv6 address, or a CIDR range such as 10.0.0.0/8",
    },
  ],
  [
    "model",
    "models",
    likePattern(
      NAME_PATTERN,
      "the name of a model, alone or with * behind it: 'gpt-5-mini' or 'gpt-5*'",
    ),
  ],
  [
    "allow",
    "allow",
    likePattern(
      ALLOW_ENTRY,
      "a name such as tools or tools:web_search: docs/policies.md lists them",
    ),
  ],
  [
    "policy",
    "policy",
    likePattern(
      POLICY_NAME,
      "the name of a policy: 1 to 64 letters, digits, dots, hyphens and underscores",
    ),
  ],
] as const satisfies readonly [TokenFlagName, keyof TokenLimits, EntryForm][];

const NUMBERS = [
  ["seconds", "seconds", "of seconds "],
  ["max-output-tokens", "maxOutputTokens", ""],
  ["uses", "uses", ""],
  ["concurrent", "concurrent", ""],
  ["bytes", "bytes", "of bytes "],
  ["tokens", "tokens", ""],
] as const satisfies readonly [TokenFlagName, keyof TokenLimits, string][];

const TEXTS = [
  ["rate", "rate", readRate],
  ["cost", "cost", readCost],
] as const satisfies readonly [
  TokenFlagName,
  keyof TokenLimits,
  (text: string, mistakes: string[]) => unknown,
][];

function readRate(text: string, mistakes: string[]): string {
  if (!parseRate(text)) mistakes.push("--rate is not a rate such as 10/s or '60/min burst 5'");
  return text;
}

function readCost(text: string, mistakes: string[]): number {
  const isNumber = /^\d{1,7}(\.\d{1,9})?$/.test(text);
  const budget = isNumber ? parseCostBudget(Number(text)) : undefined;
  if (!budget || budget.limit === 0) {
    mistakes.push("--cost must be a number of dollars up to 9000000, such as 0.05");
  }
  return Number(text);
}

/** Whether a text is a whole number from 1 on. */
export function isCount(text: string): boolean {
  return /^0*[1-9]\d{0,9}$/.test(text);
}

function readList(
  texts: readonly string[] | undefined,
  flag: string,
  { write, is }: EntryForm,
  mistakes: string[],
): string[] | undefined {
  return texts?.flatMap((text, i) => {
    const entry = write(text);
    if (entry !== undefined) return entry;
    mistakes.push(`${flag}${texts.length > 1 ? ` number ${i + 1}` : ""} is not ${is}`);
    return [];
  });
}

// The target of a WebSocket is that of its handshake.
function exactTarget(text: string): string | undefined {
  const [methods = ""] = /^[a-z,]+ +/i.exec(text) ?? [];
  const url = httpSpelling(text.slice(methods.length));
  const target = parseGrantedTarget(methods.toUpperCase() + url);
  const known: readonly string[] = METHODS;
  const isKnown = target?.methods?.every((method) => known.includes(method)) ?? true;
  return target && isKnown ? formatTarget(target) : undefined;
}
