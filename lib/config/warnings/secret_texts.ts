import type { UpstreamRule } from "../../gateway/model/rule.ts";
import { ledgerServers } from "../ledger/ledger_location.ts";
import type { Settings } from "../settings.ts";

/** A secret of a configuration. */
export interface SecretText {
  /** The setting that it comes from, such as `app[].secrets`. */
  setting: string;
  /** The place for the operator, such as `secrets[0] of app "web"`. */
  place: string;
  value: string;
}

/** Secrets of one table, by the settings that they come from. An absent one has no value. */
type Found = readonly (readonly [setting: string, place: string, value: string | undefined])[];

/**
 * Lists every text of a configuration that is a secret, or belongs to one. A new setting with a secret is added here.
 *
 * @param settings the settings of a valid configuration
 */
export function secretTexts(settings: Settings): SecretText[] {
  const { apps, routes } = settings;
  return [
    ...ofGateway(settings).flatMap(textOf("", "")),
    ...apps.flatMap(({ id, secrets, receipts, upstreams }) => {
      const owner = ` of app ${JSON.stringify(id)}`;
      return [
        ...[...ofSigner("secrets", secrets), receiptsOf(receipts)].flatMap(textOf("app[].", owner)),
        ...upstreams.flatMap(ofRule).flatMap(textOf("app[].upstream[].", owner)),
      ];
    }),
    ...routes.flatMap(({ path, signature, upstreams }) => [
      ...ofSigner("signature.secrets", signature?.secrets).flatMap(
        textOf("route[].", ` of route ${path}`),
      ),
      ...upstreams.flatMap(ofRule).flatMap(textOf("route[].", ` of route ${path}`)),
    ]),
  ];
}

function textOf(prefix: string, owner: string) {
  return ([setting, place, value]: Found[number]): SecretText[] =>
    value === undefined ? [] : [{ setting: prefix + setting, place: place + owner, value }];
}

function ofGateway({ adminToken, otlp, ledger }: Settings): Found {
  return [
    ["admin_token", "admin_token", adminToken],
    ["ledger", "the password of ledger", ledgerServers(ledger)?.password],
    ...pairs("otlp.headers", otlp?.headers).map(
      ([setting, place, value]) => [setting, `${place} of otlp`, value] as const,
    ),
  ];
}

function ofSigner(setting: string, secrets: readonly string[] = []): Found {
  return secrets.map((secret, i) => [setting, `secrets[${i}]`, secret]);
}

function receiptsOf(receipts: { secret: string } | undefined): Found[number] {
  return ["receipts.secret", "receipts.secret", receipts?.secret];
}

function ofRule({ headers, query, aws, oauth }: UpstreamRule): Found {
  const keys = typeof aws?.keys === "function" ? undefined : aws?.keys;
  return [
    ...pairs("headers", headers),
    ...pairs("query", query),
    ["aws.access_key_id", "aws.access_key_id", keys?.accessKeyId],
    ["aws.secret_access_key", "aws.secret_access_key", keys?.secretAccessKey],
    ["aws.session_token", "aws.session_token", keys?.sessionToken],
    ["oauth.client_id", "oauth.client_id", oauth?.client?.clientId],
    ["oauth.client_secret", "oauth.client_secret", oauth?.client?.clientSecret],
    ["oauth.key_file", "oauth.key_file", oauth?.client?.key],
  ];
}

function pairs(
  setting: string,
  entries: readonly (readonly [name: string, value: string])[] = [],
): Found {
  return entries.map(([name, value]) => [setting, `the value of ${name}`, value]);
}
