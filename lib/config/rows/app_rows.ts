import { METHODS } from "../../gateway/model/methods.ts";
import { z } from "zod";
import { HEARTBEAT_FORMS } from "../../gateway/providers/heartbeat_form.ts";
import { PROVIDERS } from "../../gateway/providers/provider.ts";
import { CORS_ROWS } from "./cors_rows.ts";
import { fieldsOf } from "./fields_of.ts";
import type { SettingRows } from "./setting_row.ts";
import { boolean, bytes, count, DAY, headers, seconds, secrets, text, url } from "./value_types.ts";

const listOf = (values: readonly string[]) => values.map((value) => `\`${value}\``).join(", ");

const OVERRIDES_TOP = "Takes the place of the setting at the top.";

/** What an upstream rule and a route have in common. */
export const RULE_ROWS = {
  methods: {
    type: z.array(z.enum(METHODS)).min(1, "at least one method"),
    description: "Methods that are allowed. Default: all.",
    details: `One or more of ${listOf(METHODS)}.`,
  },
  headers: {
    type: headers,
    default: [],
    description: "Added to every request that goes there, and to no other.",
    details: "They replace what the caller sent under these names.",
  },
  max_body: {
    type: bytes,
    description: "The largest request body, in bytes. Default: no limit.",
  },
  max_connections: { type: count, description: "Concurrent exchanges. Default: no limit." },
  idle_timeout: {
    type: seconds(DAY),
    description: "Seconds of silence after which the answer is given up. 0: never.",
    details: OVERRIDES_TOP,
  },
  head_timeout: {
    type: seconds(DAY),
    description: "Seconds to wait for the answer to begin. 0: no limit.",
    details: OVERRIDES_TOP,
  },
  keep_cookies: {
    type: boolean,
    default: false,
    description: "Whether Set-Cookie reaches the client.",
    details: "The cookie then belongs to the gateway's own origin.",
  },
  keep_caching: {
    type: boolean,
    default: false,
    description: "Whether Cache-Control, Expires, Pragma and Age reach the client.",
    details: "Otherwise no cache stores the response: it gets `Cache-Control: no-store`.",
  },
  provider: {
    type: z.enum(PROVIDERS),
    description: "Whose API it is. Default: by the target's host.",
    details: `${listOf(PROVIDERS)}. [Known hosts](#providers-and-heartbeats).`,
  },
  heartbeat: {
    type: z.enum(HEARTBEAT_FORMS),
    description: "What a heartbeat in an event stream is. Default: by the provider.",
    details: `${listOf(HEARTBEAT_FORMS)}. [Which to choose](#providers-and-heartbeats).`,
  },
} as const satisfies SettingRows;

/** One `[[app.upstream]]`. */
export const UPSTREAM_ROWS = {
  url: {
    type: url,
    description: "Targets must lie under it. Without it: any public target.",
    details: "They have its scheme, host and port, and its path or one below it, at a `/`.",
  },
  allow_private: {
    type: boolean,
    default: false,
    description: "Without a url: whether loopback and private targets are allowed.",
    details: "Link-local targets count as private.",
  },
  ...RULE_ROWS,
} as const satisfies SettingRows;

const upstream = z.strictObject(fieldsOf(UPSTREAM_ROWS));

/** The row of the table with {@link CORS_ROWS} in an app or a route. */
export const OWN_CORS_ROW = {
  type: z.strictObject(fieldsOf(CORS_ROWS)),
  details: "[As above](#cors). Takes the place of the whole table at the top.",
} as const;

/** One `[[app]]`. */
export const APP_ROWS = {
  id: {
    type: text("an id that is not blank"),
    required: true,
    description: "As the credential of a signed URL names it.",
    details: "No two apps share one.",
  },
  secrets: {
    type: secrets,
    required: true,
    description: "Each verifies; the first one signs.",
    details: "The log warns of secrets with less than 16 bytes.",
  },
  max_expires: {
    type: seconds(3650 * DAY),
    description: "The longest life of a URL, in seconds.",
    details: "The shorter of this and the one at the top applies.",
  },
  max_body: {
    ...RULE_ROWS.max_body,
    details: "The smaller of this and the limit of the rule applies.",
  },
  max_connections: RULE_ROWS.max_connections,
  cors: OWN_CORS_ROW,
  upstream: {
    type: z.array(upstream).min(1, "at least one [[app.upstream]]"),
    required: true,
    details: "[Where its URLs may lead](#appupstream).",
  },
} as const satisfies SettingRows;
