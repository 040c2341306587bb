import { unreadableFile } from "../../../config/unreadable_file.ts";
import { isHeaderName } from "../../../config/parse_header.ts";
import { METHODS } from "../../../gateway/model/methods.ts";
import type { Arguments } from "../../arguments/parse_arguments.ts";
import type { ReadBytes } from "../read_file.ts";

/** The options that describe a request. */
export type RequestFlagName = "method" | "header" | "body" | "body-file";

/** A request as a command line describes it. */
export interface GivenRequest {
  /** The method in upper case; absent when it was not given. */
  method?: string;
  /** The values of the headers, by their names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** The body; absent when it was not given. */
  body?: GivenBody;
}

/** The body of a request, and its origin. */
export interface GivenBody {
  bytes: Uint8Array<ArrayBuffer>;
  /** The text of `--body`. */
  text?: string;
  /** The path of `--body-file`. */
  file?: string;
}

/**
 * Reads the method, the headers and the body that a command line gives.
 *
 * @param given the options, from `parseArguments`
 * @param readBytes reads the file of the body
 * @param mistakes the list to which mistakes are added; they contain no values of headers or bodies
 * @returns the given parts of the request
 */
export function givenRequest(
  given: Pick<Arguments<RequestFlagName>["given"], "get">,
  readBytes: ReadBytes,
  mistakes: string[],
): GivenRequest {
  const body = bodyFrom(given, readBytes, mistakes);
  return { ...methodAndHeaders(given, body?.bytes, mistakes), ...(body && { body }) };
}

/**
 * Reads the method and the headers that a command line gives.
 *
 * @param given the options, from `parseArguments`
 * @param body of the request, if it has one
 * @param mistakes the list to which mistakes are added; they contain no values of headers
 */
export function methodAndHeaders(
  given: Pick<Arguments<"method" | "header">["given"], "get">,
  body: Uint8Array | undefined,
  mistakes: string[],
): Omit<GivenRequest, "body"> {
  const headers = headersFrom(given.get("header") ?? [], mistakes);
  const method = given.get("method")?.[0]?.toUpperCase();
  if (method !== undefined && !isMethod(method)) {
    mistakes.push(`--method must be one of ${METHODS.join(", ")}`);
  }
  if (body && method !== undefined && /^(GET|HEAD)$/.test(method)) {
    mistakes.push(`--method ${method} allows no body: the gateway refuses it`);
  }
  return { ...(method !== undefined && { method }), headers };
}

function isMethod(text: string): boolean {
  const methods: readonly string[] = METHODS;
  return methods.includes(text);
}

function headersFrom(texts: readonly string[], mistakes: string[]): Record<string, string> {
  const headers = new Map<string, string>();
  for (const [i, text] of texts.entries()) {
    const colon = text.indexOf(":");
    const name = text.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const value = text.slice(colon + 1).trim();
    // Do not print the text: without a colon, all of it may be a secret.
    if (!isHeaderName(name)) {
      mistakes.push(`--header number ${i + 1} must have the form 'Name: value'`);
    } else if (headers.has(name)) mistakes.push(`--header sets ${name} twice`);
    else if (!/^[\t\x20-\x7e]*$/.test(value)) {
      mistakes.push(
        `--header sets ${name} to a value that is not ASCII: clients encode such a value differently`,
      );
    } else headers.set(name, value);
  }
  return Object.fromEntries(headers);
}

function bodyFrom(
  given: Pick<Arguments<RequestFlagName>["given"], "get">,
  readBytes: ReadBytes,
  mistakes: string[],
): GivenBody | undefined {
  const [text] = given.get("body") ?? [];
  const [file] = given.get("body-file") ?? [];
  if (text !== undefined && file !== undefined) {
    mistakes.push("--body and --body-file exclude each other: use only one of them");
    return undefined;
  }
  if (text !== undefined) return { bytes: new TextEncoder().encode(text), text };
  if (file === undefined) return undefined;
  const bytes = readBytes(file);
  if (!bytes) mistakes.push(`--body-file: ${unreadableFile(file)}`);
  return bytes && { bytes, file };
}
