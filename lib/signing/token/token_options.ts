import { parseHttpUrl } from "../primitives/http_url.ts";
import { isPlainObject } from "../primitives/plain_object.ts";
import { ADDRESS_RANGE, MAX_SUBJECT_LENGTH, MAX_TOKEN_ID_LENGTH, ORIGIN } from "./forms.ts";

/** Tells whether the value of an option has the right type and form. It may throw for one of another type. */
type IsRight = (value: any) => unknown;

const isNames = isListOf(isWritten);

const COUNTERS = {
  uses: isPositive,
  rate: isWritten,
  concurrent: isPositive,
  bytes: isPositive,
  tokens: isPositive,
  // In whole nano-dollars.
  cost: (value: unknown) => typeof value === "number" && isPositive(Math.round(value * 1e9)),
};

const FORMS: Readonly<Record<string, IsRight>> = {
  ...COUNTERS,
  id: isWritten,
  secret: isWritten,
  now: isDate,
  notBefore: isDate,
  expires: isPositive,
  seconds: isPositive,
  subject: isTextOf(MAX_SUBJECT_LENGTH),
  audience: (value) => isNames(typeof value === "string" ? [value] : value),
  jti: isTextOf(MAX_TOKEN_ID_LENGTH),
  to: isListOf(isTarget),
  origins: isListOf((entry) => ORIGIN.test(entry)),
  ips: isListOf((entry) => ADDRESS_RANGE.test(entry)),
  models: isNames,
  maxOutputTokens: isPositive,
  onExcess: isOneOf("lower", "refuse"),
  allow: isNames,
  system: isWritten,
  tools: isNames,
  body: ({ patch, schema = patch && true }) => Array.isArray(patch ?? []) && isSchema(schema),
  messages: (value) => isFull(value) && Object.values(value).every(isSchema),
  binary: isOneOf(true, false),
  session: isFull,
  policy: isNames,
  onAbort: isOneOf("charge", "drain"),
};

/**
 * Reads the options of a token and checks their types and forms. An option may be inherited, such as a getter of a class.
 *
 * @param options as they were given
 * @returns every option that was given, read once
 * @throws TypeError when an option is unknown, or has a wrong type or form; its message names this option
 */
export function readOptions(options: object): Record<string, any> {
  const read: Record<string, unknown> = {};
  const names: string[] = [];
  // It finds inherited names too, but not those of a class's getters.
  for (const name in options) names.push(name);
  for (const name of new Set([...names, ...Object.keys(FORMS)])) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (value === undefined) continue;
    let isRight;
    try {
      isRight = Object.hasOwn(FORMS, name) && FORMS[name]!(value);
    } catch {
      // It has another type, or is no URL.
    }
    if (!isRight) throw mistake(name);
    read[name] = value;
  }
  return read;
}

/**
 * Whether something is counted. Only a token with an id can be counted.
 *
 * @param options from {@link readOptions}
 */
export function isCounted(options: object): boolean {
  return Object.keys(COUNTERS).some((name) => name in options);
}

/**
 * Checks that JSON has a value. It leaves out functions and symbols, and members that an object has from its class.
 *
 * @param name of the value
 * @param value of any type
 * @throws TypeError when JSON would leave out a part of the value
 */
export function assertJson(name: string, value: any): void {
  const isScalar = /^(string|boolean|undefined)$/.test(typeof value);
  if (isScalar || value === null || Array.isArray(value) || Number.isFinite(value)) return;
  if (typeof value !== "object" || !isPlainObject(value)) throw mistake(name);
}

function mistake(name: string): TypeError {
  return new TypeError(`not for a token: ${name}`);
}

function isPositive(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** The verifier is exact about policies. */
function isWritten(value: string): boolean {
  return value.trim() > "";
}

/** An invalid date is another error. */
function isDate(value: Date): unknown {
  return value.toISOString;
}

function isTextOf(most: number): IsRight {
  return (value: string) => value && value.isWellFormed() && [...value].length <= most;
}

function isOneOf(...values: unknown[]): IsRight {
  return (value) => values.includes(value);
}

function isListOf(isEntry: (entry: string) => boolean): IsRight {
  const isTextEntry = (entry: unknown) => typeof entry === "string" && isEntry(entry);
  // A hole in a list is an entry too.
  return (value) => Array.isArray(value) && value.length && [...value].every(isTextEntry);
}

/** Whether it is an object with members. */
function isFull(value: unknown): boolean {
  return isPlainObject(value as object) && Object.keys(value as object).length > 0;
}

function isSchema(value: unknown): boolean {
  return typeof value === "boolean" || isPlainObject(value as object);
}

function isTarget(entry: string): boolean {
  const url = entry.replace(/^[A-Z]+(,[A-Z]+)* /, "");
  const { origin, pathname } = parseHttpUrl(url);
  return ORIGIN.test(origin) && (url === origin || url === origin + pathname);
}
