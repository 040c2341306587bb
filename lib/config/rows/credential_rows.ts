import { z } from "zod";
import { isLoopback } from "../../gateway/admission/public_address.ts";
import { OAUTH_CLIENT_AUTHS, OAUTH_GRANTS } from "../../gateway/model/oauth_grants.ts";
import { isPrivateKey, serviceAccountOf } from "../../gateway/model/service_account.ts";
import { AWS_SOURCES } from "../../gateway/model/aws_sources.ts";
import { fieldsOf } from "./fields_of.ts";
import type { SettingRows } from "./setting_row.ts";
import { parseEndpoint } from "../parse_endpoint.ts";
import { isSigningKey } from "../pem.ts";
import { boolean, text } from "./value_types.ts";

const SOURCES = AWS_SOURCES.map((source) => `\`"${source}"\``).join(" or ");

// Some of them are in headers, and a line feed may be left from a file.
function ascii(expected: string) {
  return z.string(expected).regex(/^(?=.*\S)[\x20-\x7e]+$/, expected);
}

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
    type: ascii("an id in ASCII on one line, not blank"),
    description: "Id of the access key.",
    details: "Needs `secret_access_key`.",
  },
  secret_access_key: {
    type: ascii("a key in ASCII on one line, not blank"),
    description: "Secret access key.",
    details: "Needs `access_key_id`.",
  },
  session_token: {
    type: ascii("a token in ASCII on one line, not blank"),
    description: "Session token of temporary keys. Default: none.",
  },
  from: {
    type: z.enum(AWS_SOURCES),
    description: "Where the gateway gets temporary keys, in place of the keys here.",
    details: `${SOURCES}: [how they are fetched](credentials.md#aws-signatures).`,
  },
} as const satisfies SettingRows;

const tokenUrl = z.string().transform((value, context) => {
  const url = parseEndpoint(value);
  if (url && (url.protocol === "https:" || isLoopback(url.hostname))) return url;
  context.addIssue({
    code: "custom",
    message: "must be an https URL without user info and fragment; http only on loopback",
  });
  return z.NEVER;
});

const scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, "a scope without white space");

/** The settings of `[app.upstream.oauth]` and `[route.oauth]`. */
export const OAUTH_ROWS = {
  token_url: {
    type: tokenUrl,
    required: true,
    description: "Token endpoint: an https URL. Http is allowed on loopback.",
  },
  grant: {
    type: z.enum(OAUTH_GRANTS),
    required: true,
    description: "Grant by which tokens are requested.",
    details: `\`"client_credentials"\` (RFC 6749, section 4.4) or \`"jwt_bearer"\` (RFC 7523).`,
  },
  client_id: {
    type: text("an id that is not blank"),
    description: "Id of the client. With jwt_bearer, the issuer of assertions.",
    details: "Not needed with the key of a Google service account.",
  },
  client_secret: {
    type: text("a secret that is not blank"),
    description: "Secret of the client.",
    details: "Only with `client_credentials`.",
  },
  client_auth: {
    type: z.enum(OAUTH_CLIENT_AUTHS),
    default: "basic",
    description: "How the client shows its secret.",
    details: '`"basic"`: in `Authorization`. `"post"`: in the body.',
  },
  key_file: {
    type: z
      .string()
      .refine(
        (value) => isKey(value),
        "must be the text of a key: write ${file:PATH} or ${credential:NAME}",
      )
      .refine(
        (value) => !isKey(value) || isSigningKey(serviceAccountOf(value)?.privateKey ?? value),
        "has no RSA or P-256 key that can be read without a passphrase",
      ),
    description: "The text of a private key in PEM, or of a Google service account's JSON.",
    details: "Only with `jwt_bearer`. RSA keys sign with RS256, P-256 keys with ES256.",
  },
  key_id: {
    type: text("an id that is not blank"),
    description: "Id of the key, the kid of assertions. Default: that of the service account.",
  },
  subject: {
    type: text("a subject that is not blank"),
    description: "The sub of assertions. Default: client_id; for a service account none.",
  },
  audience: {
    type: text("an audience that is not blank"),
    description: "The aud of assertions, or the parameter audience of client_credentials.",
    details: "Default: `token_url` for assertions, otherwise none.",
  },
  scopes: {
    type: z.array(scope),
    default: [],
    description: "Scopes that are requested.",
  },
  allow_private: {
    type: boolean,
    default: false,
    description: "Whether the name of the token endpoint may have an address that is not public.",
    details: "An address in the URL is always allowed.",
  },
} as const satisfies SettingRows;

function isKey(value: string): boolean {
  return isPrivateKey(value) || serviceAccountOf(value) !== undefined;
}

/** An `oauth` table of a rule. */
export const oauth = z.strictObject(fieldsOf(OAUTH_ROWS)).superRefine((table, context) => {
  const { grant, client_id: id, client_secret: secret, key_file: key } = table;
  const issue = (message: string) => context.addIssue({ code: "custom", message });
  if (grant === "client_credentials") {
    if (id === undefined || secret === undefined) issue("needs client_id and client_secret");
    if (key !== undefined) issue("has a key_file, which is for jwt_bearer");
    return;
  }
  if (key === undefined) issue("needs a key_file");
  else if (id === undefined && isPrivateKey(key)) issue("needs the client_id of its key");
  if (secret !== undefined) issue("has a client_secret, which is for client_credentials");
});

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
