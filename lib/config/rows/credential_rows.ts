import { z } from "zod";
import { AWS_SOURCES } from "../../gateway/model/aws_sources.ts";
import { fieldsOf } from "./fields_of.ts";
import type { SettingRows } from "./setting_row.ts";
import { text } from "./value_types.ts";

const SOURCES = AWS_SOURCES.map((source) => `\`"${source}"\``).join(" or ");

/** The settings of `[app.upstream.aws]` and `[route.aws]`. */
export const AWS_ROWS = {
  region: {
    type: text("a region such as eu-west-1"),
    description: "Region in signatures. Default: determined by the host.",
  },
  service: {
    type: text("the name of a service such as bedrock"),
    description: "Service in signatures. Default: determined by the host.",
  },
  access_key_id: {
    type: text("an id that is not blank"),
    description: "Id of the access key.",
    details: "Needs `secret_access_key`.",
  },
  secret_access_key: {
    type: text("a key that is not blank"),
    description: "Secret access key.",
    details: "Needs `access_key_id`.",
  },
  session_token: {
    type: text("a token that is not blank"),
    description: "Session token of temporary keys. Default: none.",
  },
  from: {
    type: z.enum(AWS_SOURCES),
    description: "Where the gateway gets temporary keys, in place of the keys here.",
    details: `${SOURCES}: [how they are fetched](credentials.md#aws-signatures).`,
  },
} as const satisfies SettingRows;

/** An `aws` table of a rule. */
export const aws = z
  .strictObject(fieldsOf(AWS_ROWS))
  .superRefine(({ access_key_id: id, secret_access_key: secret, session_token, from }, context) => {
    const issue = (message: string) => context.addIssue({ code: "custom", message });
    if ((id === undefined) !== (secret === undefined)) {
      issue("must have access_key_id and secret_access_key, or neither");
    }
    if ((id === undefined) === (from === undefined)) issue("must have either keys or from");
    if (session_token !== undefined && id === undefined) issue("has a session_token without keys");
  });
