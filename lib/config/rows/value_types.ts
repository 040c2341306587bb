import { z } from "zod";
import { hyphenateName } from "../../gateway/model/header_name.ts";
import { spellingsOf } from "../../gateway/model/parameter_names.ts";
import { parseAddressRange } from "../../signing/verify.ts";
import { isKeySetLocation } from "../key_set_location.ts";
import { isFramingHeader, isHeaderName, parseHeader } from "../parse_header.ts";
import { parseUpstream } from "../parse_upstream.ts";

/** A day, in seconds. */
export const DAY = 86_400;

/** `true` or `false`. */
export const boolean = z.boolean();

/**
 * A whole number of seconds.
 *
 * @param max the maximum, in seconds
 * @param min the minimum, in seconds. Default: 0.
 */
export function seconds(max: number, min = 0) {
  return z.number(`a whole number of seconds from ${min} to ${max}`).int().min(min).max(max);
}

/** A size in bytes. */
export const bytes = z
  .number("a whole number of bytes")
  .int()
  .min(0)
  .max(2 ** 40);

/** A whole number, 1 or more. */
export const count = z.number("a whole number, 1 or more").int().min(1);

/**
 * A text that is not blank.
 *
 * @param expected the description of a valid text, which follows "must be" in an error
 */
export function text(expected: string) {
  return z.string(expected).regex(/\S/, expected);
}

/** The name of a header. */
export const headerName = text("a header's name");

/** The name of a header that the gateway writes to an upstream, and nobody else. */
export const ownHeaderName = z
  .string()
  .refine(isHeaderName, "must be a header's name")
  .refine((name) => !isHopByHop(hyphenateName(name)), {
    message: "belongs to one connection or message: name a header of its own",
  });

function isHopByHop(name: string): boolean {
  return isFramingHeader(name) || /^(close|alt-used|http2-settings|proxy-.*)$/i.test(name);
}

/** An IP address, or a range in CIDR notation. */
export const addressRange = z.string().refine((value) => parseAddressRange(value) !== undefined, {
  message: "must be an address or a CIDR range, such as 10.0.0.0/8",
});

/** Where a key set is: an https URL, or a file. */
export const keySetLocation = z.string().refine(isKeySetLocation, {
  message: "must be an https URL without user info and fragment, or file: and a path",
});

/**
 * The path of a URL, or a path prefix.
 *
 * @param expected the description of a valid path, which follows "must be" in an error
 */
export function urlPath(expected: string) {
  return z.string().regex(/^\/[^?#\s]*$/, expected);
}

/**
 * An address to listen on, as `HOST:PORT`. Without a host, it stands for all interfaces.
 *
 * @param examples valid addresses for the error
 */
export function hostPort(examples: string) {
  return z
    .string()
    .regex(/^(\[[0-9a-f:.]+\]|[\w.-]*):\d{1,5}$/i, `HOST:PORT, such as ${examples}`)
    .refine(hasPossiblePort, "must have a port up to 65535");
}

function hasPossiblePort(address: string): boolean {
  return !(Number(/:(\d{1,5})$/.exec(address)?.[1]) > 65_535);
}

/** The URL of a rule, parsed. */
export const url = z.string().transform((value, context) => {
  const parsed = parseUpstream(value);
  if (typeof parsed !== "string") return parsed;
  context.addIssue({ code: "custom", message: parsed });
  return z.NEVER;
});

/** Headers to inject, by name. */
export const headers = z.record(z.string(), z.string()).transform((record, context) => {
  const seen = new Set<string>();
  return Object.entries(record).flatMap(([name, value]) => {
    const header = parseHeader(isHeaderName(name) ? `${name}: ${value}` : "");
    const mistake =
      typeof header === "string" ? header : seen.has(name.toLowerCase()) && "is given twice";
    seen.add(name.toLowerCase());
    if (!mistake && typeof header !== "string") return [header];
    // The path does not contain an invalid name, which may be a whole header with its secret.
    const path = isHeaderName(name) ? [name] : [];
    context.addIssue({ code: "custom", message: String(mistake), path });
    return [];
  });
});

// A line feed is left from a file, and nobody types the others.
const CONTROL = /[\0-\x1f\x7f]/;

/** Secret parameters of a query, by name. */
export const parameters = z.record(z.string(), z.string()).transform((record, context) => {
  const entries = Object.entries(record);
  for (const [name, value] of entries) {
    const isTwice = entries.some(
      ([other]) => other !== name && spellingsOf(other).test(name.toLowerCase()),
    );
    const mistake =
      (!isParameterName(name) &&
        "has a name that is blank or has one of = & ; or a control character") ||
      (isTwice && "is given twice, in another spelling") ||
      (value === "" && "has an empty value") ||
      (CONTROL.test(value) && "has a value with control characters");
    // The path does not contain an invalid name, which may be a whole parameter with its secret.
    const path = isParameterName(name) ? [name] : [];
    if (mistake) context.addIssue({ code: "custom", message: mistake, path });
  }
  return entries;
});

function isParameterName(name: string): boolean {
  return /\S/.test(name) && !CONTROL.test(name) && !/[=&;]/.test(name);
}

/** The path of a file. */
export const file = text("the path of a file");

/** A list of secrets. */
export const secrets = z
  .array(text("a secret that is not blank"))
  .min(1, "a list of at least one secret");

/** The origin of a page. */
export const origin = z
  .string()
  .refine((value) => value === "*" || value === "null" || isOrigin(value), {
    message: "must be an origin, such as https://app.example, without a path",
  })
  .refine((value) => value === "*" || !value.includes("*"), {
    message: "contains a *: list every origin, because wildcards are not supported",
  });

function isOrigin(text: string): boolean {
  return text.includes("*") || URL.parse(text)?.origin === text;
}
