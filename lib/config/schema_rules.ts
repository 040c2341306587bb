import { z } from "zod";
import { FIELD_NAMES, HASH_NAMES, isFieldName } from "../signing/verify.ts";
import {
  bytes,
  count,
  DAY,
  headers,
  origin,
  seconds,
  secrets,
  text,
  url,
} from "./schema_values.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** Which pages may read answers. */
export const cors = z.strictObject({
  allow_origins: z
    .array(origin)
    .optional()
    .describe("Origins whose pages may read the answers. Default: any."),
  allow_methods: z
    .array(text("a method"))
    .optional()
    .describe("Methods that they may use. Default: any."),
  allow_headers: z
    .array(text("a header's name"))
    .optional()
    .describe("Headers that they may send. Default: whichever they ask for."),
  expose_headers: z
    .array(text("a header's name"))
    .optional()
    .describe("Headers of the answer that their pages may read. Default: all."),
});

/** What an upstream rule and a route have in common. */
export const limits = {
  methods: z
    .array(z.enum(METHODS))
    .min(1, "at least one method")
    .optional()
    .describe("Methods that are allowed. Default: all."),
  headers: headers.default([]).describe("Added to every request that goes there, and to no other."),
  max_body: bytes.optional().describe("The largest request body, in bytes. Default: no limit."),
  max_connections: count.optional().describe("Concurrent exchanges. Default: no limit."),
  idle_timeout: seconds(DAY)
    .optional()
    .describe("Seconds of silence after which the answer is given up. 0: never."),
  head_timeout: seconds(DAY)
    .optional()
    .describe("Seconds to wait for the answer to begin. 0: no limit."),
  keep_cookies: z.boolean().default(false).describe("Whether Set-Cookie reaches the client."),
};

const upstream = z.strictObject({
  url: url.optional().describe("Targets must lie under it. Without it: any public target."),
  allow_private: z
    .boolean()
    .default(false)
    .describe("Without a url: whether loopback and private targets are allowed."),
  ...limits,
});

/** One `[[app]]`. */
export const app = z.strictObject({
  id: text("an id that is not blank").describe("As the credential of a signed URL names it."),
  secrets: secrets.describe("Each verifies; the first one signs."),
  max_expires: seconds(3650 * DAY)
    .optional()
    .describe("The longest life of a URL, in seconds."),
  max_body: limits.max_body,
  max_connections: limits.max_connections,
  cors: cors.optional(),
  upstream: z.array(upstream).min(1, "at least one [[app.upstream]]"),
});

const field = z.string().refine(isFieldName, {
  message: `must be one of ${FIELD_NAMES.join(", ")}, or HTTP_ and a header's name in upper case`,
});

const signature = z
  .strictObject({
    scheme: z.literal("sasigning"),
    secrets,
    fields: z
      .array(field)
      .min(1)
      .default(["path", "method"])
      .describe("What is signed, in this order."),
    delimiter: z.string().default("").describe("Stands between the elements of the message."),
    hash: z.enum(HASH_NAMES).default("sha256"),
    headers: z
      .array(text("a header's name"))
      .min(1)
      .default(["Signature", "Api-Signature"])
      .describe("Where the signature is looked for."),
    timestamp_field: field.optional().describe("A signed field with the moment of signing."),
    max_age: seconds(3650 * DAY)
      .optional()
      .describe("Refuses what was signed longer ago."),
  })
  .superRefine(({ timestamp_field, max_age, fields }, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (timestamp_field && max_age === undefined)
      issue("max_age", "is needed beside timestamp_field");
    if (max_age !== undefined && !timestamp_field)
      issue("timestamp_field", "is needed beside max_age");
    if (timestamp_field && !fields.includes(timestamp_field)) {
      issue("timestamp_field", "must be one of fields: else anyone could change it");
    }
  });

/** One `[[route]]`. */
export const route = z.strictObject({
  path: z
    .string()
    .regex(/^\/[^?#\s]*$/, "a path prefix that begins with /")
    .refine((path) => !/[%\\;]|\/\/|\/\.\.?(\/|$)/.test(path), {
      message:
        "must be written decoded, without //, dot segments, \\ and ;: it would match nothing",
    })
    .describe("Matched at / boundaries; the longest match wins."),
  upstream: url.describe("The path and query of the request are appended."),
  signature: z.union([signature, z.literal("none")], {
    message: 'a [route.signature], or "none" to leave the route out of the checking',
  }),
  cors: cors.optional(),
  ...limits,
});
