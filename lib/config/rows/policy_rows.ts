import { z } from "zod";
import { policyMistakes, toNamedPolicy } from "../named_policy.ts";
import { fieldsOf } from "./fields_of.ts";
import type { SettingRows } from "./setting_row.ts";
import { count, text } from "./value_types.ts";

const names = z.array(z.string());

/** The names of policies, as an app, a rule or a route has them. */
export const policyNames = z.array(text("the name of a [[policy]]")).min(1, "at least one name");

/** The settings of a `[[policy]]`, which are checked by the parser of tokens. */
export const POLICY_ROWS = {
  name: {
    type: z
      .string()
      .regex(/^[\w.-]{1,64}$/, "1 to 64 letters, digits, dots, hyphens and underscores"),
    required: true,
    description: "Name of the policy, by which tokens, apps, rules and routes refer to it.",
    details: "Must be unique.",
  },
  to: {
    type: names,
    description: "Targets that may be called: each a URL, or methods and a URL. Default: all.",
    details: "As in a token: a path that ends in `/` is a prefix, any other is the whole path.",
  },
  origins: {
    type: names,
    description: "Values of Origin of which a request must have one. Default: all, and none.",
  },
  ips: {
    type: names,
    description: "Addresses or CIDR ranges in which the client must be. Default: all.",
  },
  seconds: {
    type: count,
    description: "Maximum duration of an exchange, in seconds. Default: no limit.",
  },
  models: {
    type: names,
    description: "Models that may be called. Default: all.",
    details: "A trailing `*` stands for letters, digits, `.`, `_` and `-`.",
  },
  max_output_tokens: {
    type: count,
    description: "Maximum number of output tokens of a request. Default: no limit.",
  },
  on_excess: {
    type: z.enum(["lower", "refuse"]),
    description: "What happens to a request for more output tokens. Default: it is lowered.",
    details: '`"lower"` or `"refuse"`.',
  },
  allow: {
    type: names,
    description: "Parts of a request to allow that are otherwise refused. Default: none.",
    details: "Such as `tools` or `tools:web_search`. A refusal names the entry.",
  },
  system: {
    type: z.string(),
    description: "Text of the system message. Default: the one of the request.",
  },
  tools: {
    type: names,
    description: "Tools of an MCP server that may be called. Default: all.",
    details: "A trailing `*` stands for any characters.",
  },
  uses: {
    type: count,
    description: "Maximum number of requests with one token or signed URL. Default: no limit.",
    details: "Tries count, also those that fail.",
  },
  rate: {
    type: z.string(),
    description:
      "Maximum number of requests in time with one token or signed URL. Default: no limit.",
    details: "[As in `[app.limits]`](#applimits).",
  },
  concurrent: {
    type: count,
    description: "Maximum number of open exchanges of one token or signed URL. Default: no limit.",
  },
  bytes: {
    type: count,
    description:
      "Maximum number of bytes of responses to one token or signed URL. Default: no limit.",
  },
  tokens: {
    type: count,
    description: "Maximum number of LLM tokens for one token or signed URL. Default: no limit.",
  },
  cost: {
    type: z.number().positive(),
    description: "Maximum cost of one token or signed URL, in US dollars. Default: no limit.",
  },
  on_abort: {
    type: z.enum(["charge", "drain"]),
    description: 'What an aborted exchange costs. Default: that of the token, or else "charge".',
    details: "[As of an upstream](#appupstream).",
  },
  body: {
    type: z.record(z.string(), z.unknown()),
    description: "JSON Patch and JSON Schema for the body of a request. Default: any body.",
    details: "A table with `patch`, `schema` or both.",
  },
  messages: {
    type: z.record(z.string(), z.unknown()),
    description: "Text messages that the client of a WebSocket may send. Default: any.",
    details: "By their types, a JSON Schema for each, or `true`. [More](websockets.md#policies).",
  },
  binary: {
    type: z.boolean(),
    description: "Whether it may send binary messages beside them. Default: false.",
  },
  session: {
    type: z.record(z.string(), z.unknown()),
    description: "What is set in a realtime session, and stays so. Default: nothing.",
    details: "[More](websockets.md#policies).",
  },
} as const satisfies SettingRows;

/** A `[[policy]]`. */
export const policy = z.strictObject(fieldsOf(POLICY_ROWS)).transform((table, context) => {
  const { name, ...keys } = table;
  const parsed = toNamedPolicy(name, keys);
  if ("name" in parsed) return parsed;
  for (const { mistake, path } of policyMistakes(name, keys)) {
    context.addIssue({ code: "custom", message: mistake, path: [...path] });
  }
  return z.NEVER;
});
