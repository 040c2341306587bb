import { z } from "zod";
import { isHeaderName, parseHeader } from "./parse_header.ts";
import { parseUpstream } from "./parse_upstream.ts";

/** Seconds of a day. */
export const DAY = 86_400;

/** A whole number of seconds, up to a limit. */
export const seconds = (max: number) =>
  z.number(`a whole number of seconds from 0 to ${max}`).int().min(0).max(max);
/** A size. */
export const bytes = z
  .number("a whole number of bytes")
  .int()
  .min(0)
  .max(2 ** 40);
/** How many. */
export const count = z.number("a whole number, 1 or more").int().min(1);
/** A text that is not blank. */
export const text = (what: string) => z.string(what).regex(/\S/, what);

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
    // What is no name may be a whole header, its secret included.
    const path = isHeaderName(name) ? [name] : [];
    context.addIssue({ code: "custom", message: String(mistake), path });
    return [];
  });
});

/** The path of a file. */
export const file = text("the path of a file");

/** Secrets, each of which verifies. */
export const secrets = z.array(text("a secret that is not blank")).min(1, "at least one secret");

/** The origin of a page. */
export const origin = z
  .string()
  .refine((value) => value === "*" || value === "null" || URL.parse(value)?.origin === value, {
    message: "must be an origin, such as https://app.example, without a path",
  });
