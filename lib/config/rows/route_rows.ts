import { z } from "zod";
import { FIELD_NAMES, HASH_NAMES, isFieldName } from "../../signing/verify.ts";
import { OWN_CORS_ROW, RULE_ROWS, TRUST_TRACEPARENT_ROW } from "./app_rows.ts";
import { fieldsOf } from "./fields_of.ts";
import type { SettingRows } from "./setting_row.ts";
import { boolean, DAY, headerName, seconds, secrets, url, urlPath } from "./value_types.ts";

const field = z.string().refine(isFieldName, {
  message: `must be one of ${FIELD_NAMES.join(", ")}, or HTTP_ and a header's name in upper case`,
});

/** The signed fields if `fields` does not set them. */
export const DEFAULT_FIELDS = ["path", "method"];

/** The settings of a `[route.signature]`. */
export const SIGNATURE_ROWS = {
  scheme: {
    type: z.literal("sasigning"),
    required: true,
    description: "Signature scheme.",
    details: '`"sasigning"` is the only one.',
  },
  secrets: {
    type: secrets,
    required: true,
    description: "Signing secrets. Each of them verifies.",
  },
  fields: {
    type: z.array(field).min(1, "a list of at least one field"),
    default: DEFAULT_FIELDS,
    description: "Signed fields, in this order.",
    details: "The fields are listed below.",
  },
  delimiter: {
    type: z.string(),
    default: "",
    description: "Text between the values of the fields in the signed message.",
  },
  hash: {
    type: z.enum(HASH_NAMES),
    default: "sha256",
    description: "Hash function of the HMAC.",
    details: `One of ${HASH_NAMES.map((name) => `\`${name}\``).join(", ")}.`,
  },
  headers: {
    type: z.array(headerName).min(1, "a list of at least one header"),
    default: ["Signature", "Api-Signature"],
    description: "Headers that may have the signature.",
    details: "The first header that the request has is used.",
  },
  timestamp_field: {
    type: field,
    description: "Signed field with the time of signing.",
    details: "Its value is in seconds since 1970 or a timestamp as in RFC 3339.",
  },
  max_age: {
    type: seconds(3650 * DAY),
    description: "Maximum age of a signature, in seconds.",
    details:
      "Needs `timestamp_field`. A time of signing that is more than `clock_skew` ahead is refused too.",
  },
} as const satisfies SettingRows;

const signature = z.strictObject(fieldsOf(SIGNATURE_ROWS));

/** The settings of a `[[route]]`. */
export const ROUTE_ROWS = {
  path: {
    type: urlPath("a path prefix that begins with /").refine(
      (path) => !/[%\\;]|\/\/|\/\.\.?(\/|$)/.test(path),
      "must not contain %, //, \\, ; or dot segments: no request would match it",
    ),
    required: true,
    description: "Path prefix of the requests. The longest matching prefix wins.",
    details:
      "`/users` matches `/users/1`, but not `/users2`. Written without percent-encoding. Must be unique.",
  },
  upstream: {
    type: url,
    required: true,
    description: "Http or https URL of the API.",
    details: "The path and query of the request are appended.",
  },
  signature: {
    type: z.union([signature, z.literal("none")], {
      message: 'a [route.signature] table, or "none" to accept all requests',
    }),
    required: true,
    details: '[How requests are signed](#routesignature), or `"none"` to accept all requests.',
  },
  websocket: {
    type: boolean,
    default: false,
    description: "Whether the API may be called by WebSocket.",
  },
  trust_traceparent: TRUST_TRACEPARENT_ROW,
  cors: OWN_CORS_ROW,
  ...RULE_ROWS,
} as const satisfies SettingRows;
