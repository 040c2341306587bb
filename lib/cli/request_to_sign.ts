import { isFramingHeader, isHeaderName } from "../config/parse_header.ts";
import type { Arguments } from "./parse_arguments.ts";
import type { SignFlagName } from "./sign_flags.ts";

/** What a command line asks to have signed. */
export interface RequestToSign {
  upstream: string;
  gateway: string;
  method: string;
  /** In seconds. */
  expires: number;
  headers: Readonly<Record<string, string>>;
  /** Absent: the body is not signed. */
  body?: BodyToSign;
}

/** A body, and where it came from. */
export interface BodyToSign {
  bytes: Uint8Array;
  /** Given on the command line. */
  text?: string;
  /** Read from this file. */
  file?: string;
}

/** Reads a file; `undefined` when it cannot be read. */
export type ReadBytes = (path: string) => Uint8Array | undefined;

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/**
 * Reads what is to be signed. What no gateway accepts is a mistake already here.
 *
 * @param args from `parseArguments`
 * @param readBytes how the body's file is read
 * @param mistakes gets what is wrong, without quoting a value
 */
export function requestToSign(
  { positionals, given }: Arguments<SignFlagName>,
  readBytes: ReadBytes,
  mistakes: string[],
): RequestToSign {
  const [upstream = "", ...rest] = positionals;
  if (positionals.length === 0 || rest.length > 0) mistakes.push("sign needs one URL");
  else mistakes.push(...mistakesInUrl(upstream).map((mistake) => `URL ${mistake}`));
  const gateway = given.get("gateway")?.[0] ?? "http://localhost:3000";
  mistakes.push(...mistakesInUrl(gateway).map((mistake) => `--gateway ${mistake}`));
  if (/[?#]/.test(gateway)) mistakes.push("--gateway has a query or a fragment");

  const expires = given.get("expires")?.[0] ?? "300";
  if (!/^\d{1,10}$/.test(expires)) mistakes.push("--expires must be a whole number of seconds");
  const headers = headersFrom(given.get("header") ?? [], mistakes);
  const body = bodyFrom(given, readBytes, mistakes);
  const method = (given.get("method")?.[0] ?? (body ? "POST" : "GET")).toUpperCase();
  if (!METHODS.includes(method)) mistakes.push(`--method must be one of ${METHODS.join(", ")}`);
  if (body && /^(GET|HEAD)$/.test(method)) {
    mistakes.push(`--method ${method} allows no body: the gateway refuses it`);
  }
  const request = { upstream, gateway, method, expires: Number(expires), headers };
  return body ? { ...request, body } : request;
}

function mistakesInUrl(text: string): string[] {
  const url = URL.parse(text);
  if (!url || !/^https?:\/\//i.test(text)) {
    return ["is not an absolute http or https URL, such as https://api.example.com/v1/models"];
  }
  return url.username || url.password ? ["holds user info: the gateway refuses it"] : [];
}

function headersFrom(texts: readonly string[], mistakes: string[]): Record<string, string> {
  const headers = new Map<string, string>();
  for (const [i, text] of texts.entries()) {
    const colon = text.indexOf(":");
    const name = text.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const value = text.slice(colon + 1).trim();
    // Without a colon the whole of it may be a secret.
    if (!isHeaderName(name)) {
      mistakes.push(`--header number ${i + 1} is not of the form 'Name: value'`);
    } else if (isFramingHeader(name)) {
      mistakes.push(`--header cannot sign ${name}: the client sets it for each message`);
    } else if (headers.has(name)) mistakes.push(`--header sets ${name} twice`);
    else if (!/^[\t\x20-\x7e]*$/.test(value)) {
      mistakes.push(
        `--header gives ${name} a value that is not ASCII: clients differ in its bytes`,
      );
    } else headers.set(name, value);
  }
  return Object.fromEntries(headers);
}

function bodyFrom(
  given: Arguments<SignFlagName>["given"],
  readBytes: ReadBytes,
  mistakes: string[],
): BodyToSign | undefined {
  const [text] = given.get("body") ?? [];
  const [file] = given.get("body-file") ?? [];
  if (text !== undefined && file !== undefined) {
    mistakes.push("--body and --body-file are two bodies: give one of them");
    return undefined;
  }
  if (text !== undefined) return { bytes: new TextEncoder().encode(text), text };
  if (file === undefined) return undefined;
  const bytes = readBytes(file);
  if (!bytes) mistakes.push(`--body-file: ${file} cannot be read`);
  return bytes && { bytes, file };
}
