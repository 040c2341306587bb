import { describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { secretTexts } from "../../../lib/config/warnings/secret_texts.ts";
import { warningsOf } from "../../../lib/config/warnings/warnings.ts";
import { settingsOf } from "../cli/command_line.ts";
import { APP, mistakesOfFile, settingsOfFile, SIGNED_ROUTE } from "./configured.ts";
import { schemaKeys, type SchemaNode } from "./schema_keys.ts";

const BARE = "$SIGNWAY_SECRET_OF_MORE_THAN_32_BYTES";
const KEY = generateKeyPairSync("ec", { namedCurve: "P-256" })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();

const url = "https://api.example/";
const keyed = { url, headers: { "X-Key": BARE }, query: { key: BARE } };
const aws = {
  ...{ region: "r", service: "s" },
  ...{ access_key_id: BARE, secret_access_key: BARE, session_token: BARE },
};
const client = {
  ...{ token_url: url, grant: "client_credentials" },
  ...{ client_id: BARE, client_secret: BARE },
};
const assertions = { token_url: url, grant: "jwt_bearer", client_id: "a", key_file: KEY };
const rules = [keyed, { aws }, { oauth: client }, { oauth: assertions }];
const { signature } = SIGNED_ROUTE;

/** A configuration in which each secret is the name of a variable, if its form allows that. */
const SHAPE = {
  admin: "127.0.0.1:13090",
  admin_token: BARE,
  ledger: `redis://:${BARE}@store.example`,
  otlp: { endpoint: url, headers: { "X-Key": BARE } },
  app: [
    {
      ...APP,
      secrets: [BARE],
      receipts: { url, secret: `whsec_${"A".repeat(32)}` },
      upstream: rules.map((rule, i) => ({ ...rule, url: `${url}${i}/` })),
    },
  ],
  route: rules.map(({ ...rule }, i) => {
    Reflect.deleteProperty(rule, "url");
    return {
      ...{ ...SIGNED_ROUTE, path: `/${i}/` },
      ...{ ...rule, signature: { ...signature, secrets: [BARE] } },
    };
  }),
};

/** The texts that are no secrets. One with another name is to be here, or among the secrets. */
const PUBLIC = [
  /^(listen|admin|public_path|trusted_proxies|audience|prices|workers|upstream_ca|tls_(cert|key))$/,
  /^log_(level|format)$/,
  /^otlp\.(endpoint|protocol|service_name)$/,
  /(^|\.)cors\.(allow_(origins|methods|headers)|expose_headers)$/,
  /^app\[\]\.(id|receipts\.url|tokens\.(issuer|jwks|algorithms|audience|policy|require))$/,
  /\.limits(\.subject)?\.(rate|tokens|cost)$/,
  /^(app\[\]\.upstream|route)\[\]\.(url|path|upstream|methods|pass_headers|provider|policy)$/,
  /^(app\[\]\.upstream|route\[\]\.signature)$/,
  /^(app\[\]\.upstream|route)\[\]\.(heartbeat|redirects|subject_header|on_abort)$/,
  /\.aws\.(region|service|from)$/,
  /\.oauth\.(token_url|grant|client_auth|key_id|subject|audience|scopes)$/,
  /^route\[\]\.signature\.(scheme|fields|delimiter|hash|headers|timestamp_field)$/,
  /^policy\[\]\./,
];

/** Whether a setting is a text, or a list or a table of texts that have no names in the schema. */
function hasTexts({ type, anyOf, items, properties }: SchemaNode): boolean {
  if (anyOf) return anyOf.some(hasTexts);
  if (type === "array") return items !== undefined && hasTexts(items);
  return type === "string" || (type === "object" && properties === undefined);
}

describe("secretTexts", () => {
  const texts = schemaKeys().filter(({ node }) => hasTexts(node));
  const found = new Set(secretTexts(settingsOfFile(SHAPE)).map(({ setting }) => setting));

  test.each(texts.map(({ name }) => [name]))("%s is a secret, or is public", (name) => {
    expect([found.has(name), PUBLIC.some((form) => form.test(name))].filter(Boolean)).toEqual([
      true,
    ]);
  });

  test("has no other settings", () => {
    const names = new Set(texts.map(({ name }) => name));
    expect([...found].filter((setting) => !names.has(setting))).toEqual([]);
  });
});

test("a secret that is the name of a variable is warned of, wherever it stands", () => {
  const warnings = warningsOf(settingsOfFile(SHAPE), false)
    .filter(({ code }) => code === "variable_without_braces")
    .map(({ text }) => text.replace(/ ends in the name .*$/, ""));
  const credentials = ["aws.access_key_id", "aws.secret_access_key", "aws.session_token"];
  const ofRules = (owner: string) =>
    [
      ...["the value of X-Key", "the value of key"],
      ...[...credentials, "oauth.client_id", "oauth.client_secret"],
    ].map((place) => `${place} of ${owner}`);
  const routed = [0, 1, 2, 3].map((i) => `secrets[0] of route /${i}/`);
  expect(warnings.toSorted()).toEqual(
    [
      ...["admin_token", "the password of ledger", "the value of X-Key of otlp"],
      ...['secrets[0] of app "web"', ...ofRules('app "web"'), ...routed],
      ...ofRules("route /0/").slice(0, 2),
      ...ofRules("route /1/").slice(2, 5),
      ...ofRules("route /2/").slice(5),
    ].toSorted(),
  );
});

describe("--ledger", () => {
  const args = ["web", "a secret of 16 bytes", "--ledger", "redis://:${PW}@store.example"];

  test("refers to a variable", () => {
    const { ledger } = settingsOf(args, { env: { PW: "canary" } });
    expect(ledger).toBe("redis://:canary@store.example");
  });

  test("refers to a file, which is watched", () => {
    const ledger = ["--ledger", "redis://:${file:pw}@store.example"];
    const shape = { app: [APP] };
    const settings = settingsOfFile(shape, { args: ledger, files: { pw: "canary\n" } });
    expect(settings.ledger).toBe("redis://:canary@store.example");
    expect(settings.files).toEqual(["config.json", "pw"]);
  });

  test("that refers to nothing is refused once", () => {
    expect(mistakesOfFile({ app: [APP] }, { args: args.slice(2) })).toEqual([
      "--ledger: the environment variable PW is not set",
    ]);
  });
});
