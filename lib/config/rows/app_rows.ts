import { METHODS } from "../../gateway/model/methods.ts";
import { z } from "zod";
import { HEARTBEAT_FORMS } from "../../gateway/providers/heartbeat_form.ts";
import { PROVIDERS } from "../../gateway/providers/provider.ts";
import { aws, oauth } from "./credential_rows.ts";
import { CORS_ROWS } from "./cors_rows.ts";
import { fieldsOf } from "./fields_of.ts";
import { appLimits, ruleLimits } from "./limit_rows.ts";
import { policyNames } from "./policy_rows.ts";
import type { SettingRows } from "./setting_row.ts";
import { receipts } from "./receipt_rows.ts";
import { TOKEN_ROWS } from "./token_rows.ts";
import {
  boolean,
  bytes,
  count,
  DAY,
  headers,
  ownHeaderName,
  parameters,
  seconds,
  secrets,
  text,
  url,
} from "./value_types.ts";

const listOf = (values: readonly string[]) => values.map((value) => `\`${value}\``).join(", ");

const OVERRIDES_TOP = "Overrides the top-level setting.";

/** The settings that an upstream rule and a route have in common. */
export const RULE_ROWS = {
  methods: {
    type: z.array(z.enum(METHODS)).min(1, "a list of at least one method"),
    description: "Allowed methods. Default: all.",
    details: `One or more of ${listOf(METHODS)}.`,
  },
  headers: {
    type: headers,
    default: [],
    description: "Headers that are added to requests to this upstream, and to no others.",
    details: "They replace headers of the same names from the client.",
  },
  query: {
    type: parameters,
    description: "Secret parameters that are added to the query of requests to this upstream.",
    details:
      "They replace parameters of the same names from the client, [in any spelling](credentials.md#query-parameters).",
  },
  aws: {
    type: aws,
    details: "[Signs requests with AWS Signature Version 4](#appupstreamaws).",
  },
  oauth: {
    type: oauth,
    details: "[Adds an access token of OAuth](#appupstreamoauth).",
  },
  pass_headers: {
    type: z.array(text("a name, which may end in *")).min(1, "a list of at least one name"),
    description: "Headers and parameters of the caller that are kept from the upstream otherwise.",
    details:
      "`x-amz-copy-source`, `x-goog-copy-source` and `x-ms-copy-source` under any rule, `x-amz-…` [under `aws`](credentials.md#aws-signatures). A last `*` stands for any ending.",
  },
  max_body: {
    type: bytes,
    description: "Maximum size of a request body, in bytes. Default: no limit.",
  },
  max_connections: {
    type: count,
    description: "Maximum number of concurrent exchanges. Default: no limit.",
  },
  idle_timeout: {
    type: seconds(DAY),
    description: "Seconds without data after which a response is cut off; 0 sets no limit.",
    details: OVERRIDES_TOP,
  },
  head_timeout: {
    type: seconds(DAY),
    description: "Seconds to wait for the response headers of the upstream; 0 sets no limit.",
    details: OVERRIDES_TOP,
  },
  keep_cookies: {
    type: boolean,
    default: false,
    description: "Whether Set-Cookie reaches the client.",
    details: "Browsers store such cookies under the gateway's origin.",
  },
  keep_caching: {
    type: boolean,
    default: false,
    description: "Whether Cache-Control, Expires, Pragma and Age reach the client.",
    details:
      "Otherwise the response has `Cache-Control: no-store` instead, and no cache stores it.",
  },
  provider: {
    type: z.enum(PROVIDERS),
    description: "Provider of the API. Default: determined by the target's host.",
    details: `One of ${listOf(PROVIDERS)}. [Known hosts](#providers-and-heartbeats).`,
  },
  usage: {
    type: boolean,
    description:
      "Whether the usage of models is read from responses, for the log and the metrics. Default: true.",
    details:
      "Only with a known provider. [What is read](usage.md). Limits on tokens read it anyway.",
  },
  policy: {
    type: policyNames,
    description: "Policies that apply to every request, also to signed URLs. Default: none.",
    details: "Names of [`[[policy]]`](#policy) tables.",
  },
  propagate: {
    type: boolean,
    description:
      "Whether the upstream gets a traceparent, so that its spans join the trace. Default: false.",
    details:
      "Only where [traces are exported](telemetry.md#the-context-of-a-trace). No upstream gets the caller's own.",
  },
  heartbeat: {
    type: z.enum(HEARTBEAT_FORMS),
    description: "Form of the heartbeats in event streams. Default: determined by the provider.",
    details: `One of ${listOf(HEARTBEAT_FORMS)}. [Which to choose](#providers-and-heartbeats).`,
  },
} as const satisfies SettingRows;

/** The settings of an `[[app.upstream]]`. */
export const UPSTREAM_ROWS = {
  url: {
    type: url,
    description: "URL that all targets of the rule are under. Default: any public target.",
    details:
      "A target must have its scheme, host and port, and a path that is the same or below it. `/v1` covers `/v1/models`, but not `/v1beta`. It is always a prefix, unlike an entry of `to`: for exact paths, use `to` of the token or of a policy.",
  },
  allow_private: {
    type: boolean,
    default: false,
    description: "Whether loopback, private and link-local targets are allowed.",
    details: "Has no effect with `url`.",
  },
  ...RULE_ROWS,
  // A rule may have no `url`; a route always has an upstream.
  query: { ...RULE_ROWS.query, details: `${RULE_ROWS.query.details} Need \`url\`.` },
  aws: { ...RULE_ROWS.aws, details: `${RULE_ROWS.aws.details} Needs \`url\`.` },
  oauth: { ...RULE_ROWS.oauth, details: `${RULE_ROWS.oauth.details} Needs \`url\`.` },
  websocket: {
    type: boolean,
    default: true,
    description: "Whether targets of the rule may be called by WebSocket.",
  },
  redirects: {
    type: z.literal("pass"),
    description: "Lets redirects to other origins reach the holder of a token.",
    details:
      '`"pass"`, and only for a token in `Authorization`. Otherwise they are 502 `redirect_refused`.',
  },
  subject_header: {
    type: ownHeaderName,
    description: "The header that gets the verified sub of a token.",
    details:
      "What the caller sends under this name, compared by letters and digits, is removed, also without a token.",
  },
  limits: {
    type: ruleLimits,
    details: "[What all requests to this upstream may use together](#applimits).",
  },
  on_abort: {
    type: z.enum(["charge", "drain"]),
    description: "What an aborted exchange costs. Default: that of the token or its policies.",
    details:
      '`"charge"`: all that was reserved for it. `"drain"`: what the API reports, for which the gateway reads its answer to the end. Overrides tokens and policies.',
  },
} as const satisfies SettingRows;

const upstream = z.strictObject(fieldsOf(UPSTREAM_ROWS));

/** The row for a `cors` table with {@link CORS_ROWS} in an app or a route. */
export const OWN_CORS_ROW = {
  type: z.strictObject(fieldsOf(CORS_ROWS)),
  details: "[The same keys](#cors) as at the top level. Replaces the whole top-level table.",
} as const;

/** The row for the `traceparent` of callers, in an app or a route. */
export const TRUST_TRACEPARENT_ROW = {
  type: boolean,
  description:
    "Whether spans become part of the trace that the caller's traceparent names. Default: false.",
  details: "Otherwise they [only link to it](telemetry.md#the-context-of-a-trace).",
} as const;

/** The settings of an `[[app]]`. */
export const APP_ROWS = {
  id: {
    type: text("an id that is not blank"),
    required: true,
    description: "Id of the app. A signed URL contains it as its credential, a token as its `iss`.",
    details: "Must be unique.",
  },
  secrets: {
    type: secrets,
    required: true,
    description: "Signing secrets. Each of them verifies; `signway sign` uses the first one.",
    details:
      "A secret of less than 16 bytes causes a warning in the log. Tokens need a secret of 32 bytes or more.",
  },
  max_expires: {
    type: seconds(3650 * DAY, 1),
    description: "Maximum validity of a signed URL or a token, in seconds.",
    details: "If the top-level `max_expires` is smaller, that one applies.",
  },
  max_body: {
    ...RULE_ROWS.max_body,
    details: "If the `max_body` of the upstream is smaller, that one applies.",
  },
  max_connections: RULE_ROWS.max_connections,
  limits: {
    type: appLimits,
    details: "[What all its requests may use together](#applimits), and each end user.",
  },
  trust_traceparent: TRUST_TRACEPARENT_ROW,
  cors: OWN_CORS_ROW,
  tokens: {
    type: z.strictObject(fieldsOf(TOKEN_ROWS)),
    details: "[Its access tokens](#apptokens). Without the table, it has them.",
  },
  receipts: {
    type: receipts,
    details: "[Where receipts of its usage go](#appreceipts). Without the table, it has none.",
  },
  upstream: {
    type: z.array(upstream).min(1, "a list of at least one [[app.upstream]]"),
    required: true,
    details: "[Targets that the app may call](#appupstream).",
  },
} as const satisfies SettingRows;
