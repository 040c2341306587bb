import { z } from "zod";
import { FIELD_NAMES, HASH_NAMES, isFieldName } from "../../signing/verify.ts";
import { OWN_CORS_ROW, RULE_ROWS } from "./app_rows.ts";
import { fieldsOf } from "./fields_of.ts";
import type { SettingRows } from "./setting_row.ts";
import { DAY, headerName, seconds, secrets, url, urlPath } from "./value_types.ts";

const field = z.string().refine(isFieldName, {
  message: `must be one of ${FIELD_NAMES.join(", ")}, or HTTP_ and a header's name in upper case`,
});

/** One `[route.signature]`. */
export const SIGNATURE_ROWS = {
  scheme: { type: z.literal("sasigning"), required: true, details: '`"sasigning"`' },
  secrets: { type: secrets, required: true, details: "Each of them verifies." },
  fields: {
    type: z.array(field).min(1),
    default: ["path", "method"],
    description: "What is signed, in this order.",
    details: "See below.",
  },
  delimiter: {
    type: z.string(),
    default: "",
    description: "Stands between the elements of the message.",
  },
  hash: {
    type: z.enum(HASH_NAMES),
    default: "sha256",
    details: `${HASH_NAMES.map((name) => `\`${name}\``).join(", ")}.`,
  },
  headers: {
    type: z.array(headerName).min(1),
    default: ["Signature", "Api-Signature"],
    description: "Where the signature is looked for.",
    details: "The first one that is there counts.",
  },
  timestamp_field: {
    type: field,
    description: "A signed field with the moment of signing.",
    details: "It holds seconds since 1970, or a moment as in RFC 3339.",
  },
  max_age: {
    type: seconds(3650 * DAY),
    description: "Refuses what was signed longer ago.",
    details:
      "In seconds, with `timestamp_field`. A moment of signing that is ahead by more than `clock_skew` is refused too.",
  },
} as const satisfies SettingRows;

const signature = z
  .strictObject(fieldsOf(SIGNATURE_ROWS))
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
export const ROUTE_ROWS = {
  path: {
    type: urlPath("a path prefix that begins with /").refine(
      (path) => !/[%\\;]|\/\/|\/\.\.?(\/|$)/.test(path),
      "must be written decoded, without //, dot segments, \\ and ;: it would match nothing",
    ),
    required: true,
    description: "Matched at / boundaries; the longest match wins.",
    details: "It is written decoded. No two routes share one.",
  },
  upstream: {
    type: url,
    required: true,
    description: "The path and query of the request are appended.",
    details: "An http or https URL.",
  },
  signature: {
    type: z.union([signature, z.literal("none")], {
      message: 'a [route.signature], or "none" to leave the route out of the checking',
    }),
    required: true,
    details: '[How requests are signed](#routesignature), or `"none"` to let all of them through.',
  },
  cors: OWN_CORS_ROW,
  ...RULE_ROWS,
} as const satisfies SettingRows;
