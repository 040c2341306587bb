import { parseHttpUrl } from "../primitives/http_url.ts";
import { isPlainObject } from "../primitives/plain_object.ts";
import type { OnAbort } from "./counters.ts";
import { ADDRESS_RANGE, MAX_SUBJECT_LENGTH, MAX_TOKEN_ID_LENGTH, ORIGIN } from "./forms.ts";
import type { JsonSchema } from "./json_schema.ts";
import type { BodyPolicy, OnExcess } from "./policy.ts";

/** The credential and the limits of the token, for `signToken`. */
export interface TokenOptions {
  /** The app id. */
  id: string;
  /** The app's secret, at least 32 bytes in UTF-8, and not white space alone. */
  secret: string;
  /** How long the token is valid, in whole seconds. Default: 300. */
  expires?: number | undefined;
  /** The end user, 1 to 256 characters. The gateway writes it into its log. Default: none. */
  subject?: string | undefined;
  /**
   * The targets that may be called: each an absolute http(s) URL, or methods and a URL, such as
   * `POST https://api.openai.com/v1/responses` or `GET,POST https://api.example.com/v1/`. A path that ends in
   * `/` is a prefix, any other is exactly that path. Default: all that the operator's rules allow.
   */
  to?: readonly string[] | undefined;
  /** The origins of pages that may use it, such as `https://app.example`. Default: all, and programs. */
  origins?: readonly string[] | undefined;
  /** The addresses that clients may have: of IPv4 or IPv6, alone or as a CIDR range. Default: all. */
  ips?: readonly string[] | undefined;
  /** The longest time that one exchange may last, in whole seconds. Default: what the operator allows. */
  seconds?: number | undefined;
  /**
   * The models that may be called. A trailing `*` stands for letters, digits, `.`, `_` and `-`. With this or
   * another of the limits up to `tools`, requests must be known operations of the API, and everything in them that
   * is not known to be harmless is refused. Default: all models, and any request.
   */
  models?: readonly string[] | undefined;
  /** The most output tokens of a request. Default: what the operator allows. */
  maxOutputTokens?: number | undefined;
  /** Whether a request for more output tokens is lowered or refused. Default: lowered. */
  onExcess?: OnExcess | undefined;
  /** What is opened although it is not known to be harmless, such as `tools:web_search`. Default: nothing. */
  allow?: readonly string[] | undefined;
  /** The text of the system message. Default: the caller's. */
  system?: string | undefined;
  /** The tools of an MCP server that may be called. Default: all. */
  tools?: readonly string[] | undefined;
  /** A JSON Patch (RFC 6902) and a JSON Schema for the bodies of requests. Default: any body. */
  body?: BodyPolicy | undefined;
  /**
   * The text messages that the client of a WebSocket may send: by their types, a JSON Schema for each, or `true`.
   * Default: any messages.
   */
  messages?: Readonly<Record<string, JsonSchema>> | undefined;
  /** Whether it may send binary messages beside them. Default: no. */
  binary?: boolean | undefined;
  /** What is set in a session of OpenAI's realtime API, and stays so. Default: nothing. */
  session?: Readonly<Record<string, unknown>> | undefined;
  /** The most requests, in all: `1` makes a token for one request. Default: no limit. */
  uses?: number | undefined;
  /** The most requests in time, such as `10/s` or `60/min burst 5`. Default: no limit. */
  rate?: string | undefined;
  /** The most exchanges that are open at once. Default: no limit. */
  concurrent?: number | undefined;
  /** The most bytes of response bodies, in all. Default: no limit. */
  bytes?: number | undefined;
  /** The most LLM tokens, of inputs and outputs together, in all. Default: no limit. */
  tokens?: number | undefined;
  /** The highest cost in US dollars, in all, by the gateway's price table. Default: no limit. */
  cost?: number | undefined;
  /**
   * What `tokens` and `cost` count for an exchange that is aborted: what was reserved for it, or what the API
   * reports when the gateway reads its answer to the end. Default: `charge`.
   */
  onAbort?: OnAbort | undefined;
  /** The names of the operator's policies that apply as well. Default: none. */
  policy?: readonly string[] | undefined;
  /** The audience, which must be the gateway's or the app's. Default: none. */
  audience?: string | readonly string[] | undefined;
  /** An id of the token's own, 1 to 128 characters. Default: a random one for a token with a limit that counts. */
  jti?: string | undefined;
  /** The moment before which the token is not valid, to the second. Default: it is valid at once. */
  notBefore?: Date | undefined;
  /** The moment of signing. Default: now. */
  now?: Date | undefined;
}

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
  body: isBody,
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
export function readOptions(options: TokenOptions): Partial<TokenOptions> {
  const read: Record<string, unknown> = {};
  const names: string[] = [];
  // An unknown name may be inherited. The getters of a class are not listed here, so the known names are read too.
  for (const name in options) names.push(name);
  for (const name of new Set([...names, ...Object.keys(FORMS)])) {
    const value = options[name as keyof TokenOptions];
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

function mistake(name: string): TypeError {
  return new TypeError(`not for a token: ${name}`);
}

function isPositive(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** The verifier is exact about policies. */
function isWritten(value: unknown): boolean {
  return typeof value === "string" && value.trim() > "";
}

/** An invalid date is another error. */
function isDate(value: Date): unknown {
  return value.toISOString;
}

function isTextOf(most: number): IsRight {
  return (value: unknown) =>
    typeof value === "string" && value && value.isWellFormed() && [...value].length <= most;
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
function isFull(value: object): boolean {
  return isPlainObject(value) && Object.keys(value).length > 0 && isJson(value);
}

function isSchema(value: unknown): boolean {
  return typeof value === "boolean" || (isPlainObject(value as object) && isJson(value));
}

function isBody(body: { patch?: unknown; schema?: unknown }): boolean {
  if (!isPlainObject(body)) return false;
  const { patch, schema } = body;
  const isPatch = patch === undefined || (Array.isArray(patch) && isJson(patch));
  return isPatch && (schema === undefined ? patch !== undefined : isSchema(schema));
}

/** Whether JSON has a value. It leaves out functions and symbols, and members that an object has from its class. */
function isJson(value: unknown): boolean {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  if (Array.isArray(value)) return [...value].every(isJson);
  if (typeof value !== "object") return Number.isFinite(value);
  const members = Object.values(value).filter((member) => member !== undefined);
  return isPlainObject(value) && members.every(isJson);
}

function isTarget(entry: string): boolean {
  const url = entry.replace(/^[A-Z]+(,[A-Z]+)* /, "");
  const { origin, pathname } = parseHttpUrl(url);
  return ORIGIN.test(origin) && (url === origin || url === origin + pathname);
}
