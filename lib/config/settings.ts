import type { CorsPolicy } from "../gateway/model/cors_policy.ts";
import type { App, TokenSettings } from "../gateway/model/app.ts";
import type { NamedPolicy } from "../gateway/model/policy.ts";
import type { KeySetAlgorithm } from "../gateway/model/key_set_algorithm.ts";
import type { UpstreamRule } from "../gateway/model/rule.ts";
import type { Route } from "../gateway/model/route.ts";
import type { OwnPrices } from "../gateway/usage/prices.ts";
import { camelCase, type CamelCased, camelCased } from "./camel_case.ts";
import { awsFrom } from "./aws_from.ts";
import { oauthFrom } from "./oauth_from.ts";
import { parsePrices } from "./price_file.ts";
import type { FileTexts } from "./setting_files.ts";
import type { SettingRows } from "./rows/setting_row.ts";
import type { Config } from "./schema.ts";
import { SETTINGS } from "./settings_table.ts";
import type { OtlpTable, TelemetrySettings } from "./telemetry/telemetry_from.ts";

type Table = typeof SETTINGS;

/** The keys whose values are converted and not copied. {@link CONVERSIONS} has a function for each key. */
type ConvertedKey = {
  [Key in keyof Table]: Table[Key] extends { becomes: readonly string[] } ? Key : never;
}[keyof Table];

type CopiedSettings = CamelCased<Omit<Config, ConvertedKey | "$schema">>;

/** How tokens of an app are verified, before its key set is fetched. */
export interface ConfiguredTokens extends Omit<TokenSettings, "verifyWithKeySet"> {
  /** The issuer of the key set. Present with `jwks`. */
  issuer?: string;
  /** Where the key set is: an https URL, or `file:` and a path. */
  jwks?: string;
  /** The text of the key set, if `jwks` is a file. */
  jwksText?: string;
  /** The algorithms of the issuer's signatures. Present with `jwks`. */
  algorithms?: readonly KeySetAlgorithm[];
}

/** An app as the file describes it. */
export interface ConfiguredApp extends App {
  tokens?: ConfiguredTokens;
}

/**
 * All settings of the gateway, as plain values. Times are in seconds, sizes in bytes. The other properties
 * are keys of the file in camelCase, which the rows of the settings table describe.
 */
export interface Settings extends CopiedSettings {
  /** The address to listen on, without brackets; empty for all interfaces. */
  host: string;
  port: number;
  apps: readonly ConfiguredApp[];
  routes: readonly Route[];
  policies: readonly NamedPolicy[];
  cors: CorsPolicy;
  /** The address of the listener for health and metrics; absent when they are not served. */
  admin?: { host: string; port: number };
  /** The certificate chain and its private key, in PEM; absent without TLS. */
  tls?: { cert: string; key: string };
  /** Further certificates to trust when connecting to upstreams, in PEM. */
  upstreamCa?: string;
  /** What `[otlp]` sets; absent when the file has none. */
  otlp?: OtlpTable;
  /** How telemetry is exported, by the file and the environment; absent when it is not. */
  telemetry?: TelemetrySettings;
  /** Prices that complete and replace the built-in ones; absent when there are none. */
  prices?: OwnPrices;
  /** The paths of all files that the settings were read from, including the files with secrets. */
  files: readonly string[];
}

type Convert = (config: Config, texts: FileTexts) => Partial<Settings>;

const CONVERSIONS: Readonly<Record<ConvertedKey, Convert>> = {
  listen: ({ listen }) => hostAndPort(listen),
  app: ({ app, policy }) => ({ apps: app.map((it) => appFrom(it, policy)) }),
  route: ({ route, policy }) => ({ routes: route.map((it) => routeFrom(it, policy)) }),
  policy: ({ policy }) => ({ policies: policy }),
  cors: ({ cors }) => ({ cors: corsFrom(cors) }),
  admin: ({ admin }) => (admin === undefined ? {} : { admin: hostAndPort(admin) }),
  otlp: ({ otlp }) => (otlp === undefined ? {} : { otlp: camelCased(otlp) }),
  tls_cert: tlsFrom,
  tls_key: tlsFrom,
  prices: (_, { prices }) => (prices === undefined ? {} : { prices: parsePrices(prices) }),
  upstream_ca: (_, { upstream_ca: upstreamCa }) => (upstreamCa === undefined ? {} : { upstreamCa }),
};

/** The keys that come first in `Settings`, and therefore in a list of changes. */
const FIRST_KEYS = ["listen", "app", "route", "policy", "cors"];

/**
 * Converts a valid configuration to settings.
 *
 * @param config the configuration, with its defaults
 * @param texts the texts of its files, by the keys of their paths
 * @param files the paths of all files that the configuration was read from
 * @param rows the settings of the file. Default: all settings of this version.
 * @returns the settings; a setting without a value is absent
 */
export function settingsFrom(
  config: Config,
  texts: FileTexts,
  files: readonly string[],
  rows: SettingRows = SETTINGS,
): Settings {
  const keys = new Set([...FIRST_KEYS, ...Object.keys(rows)]);
  const values = [...keys].map((key) => settingFrom(key, config, texts));
  return Object.assign({}, ...values, { files }) as Settings;
}

function settingFrom(key: string, config: Config, texts: FileTexts): object {
  if (Object.hasOwn(CONVERSIONS, key)) return CONVERSIONS[key as ConvertedKey](config, texts);
  const value = config[key as keyof Config];
  return value === undefined ? {} : { [camelCase(key)]: value };
}

function hostAndPort(text: string): { host: string; port: number } {
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(text) ?? [];
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

function tlsFrom(_: Config, { tls_cert: cert, tls_key: key }: FileTexts): Partial<Settings> {
  return cert === undefined || key === undefined ? {} : { tls: { cert, key } };
}

function appFrom(
  { upstream, cors, tokens, limits, receipts, ...values }: Config["app"][number],
  policies: readonly NamedPolicy[],
): ConfiguredApp {
  return {
    ...camelCased(values),
    ...(limits && limitsFrom(limits)),
    ...(tokens && { tokens: withPolicies(tokens, policies) }),
    ...(receipts && { receipts: { url: receipts.url, secret: receipts.secret } }),
    upstreams: upstream.map((rule) => ruleFrom(rule, policies)),
    ...(cors && { cors: corsFrom(cors) }),
  };
}

function ruleFrom(
  { limits, ...values }: Config["app"][number]["upstream"][number],
  policies: readonly NamedPolicy[],
): UpstreamRule {
  return {
    ...withCredentials(values, values.url, policies),
    ...(limits && { limits: camelCased(limits) }),
  };
}

type RuleTable = Omit<Config["app"][number]["upstream"][number], "limits">;

/** A rule without its limits, with policies in place of their names and credentials as the gateway uses them. */
function withCredentials<
  Table extends Pick<RuleTable, "aws" | "oauth" | "pass_headers" | "policy">,
>(
  { aws, oauth, pass_headers: passed, ...values }: Table,
  url: URL | undefined,
  policies: readonly NamedPolicy[],
) {
  return {
    ...withPolicies(values, policies),
    ...(aws && { aws: awsFrom(aws, url) }),
    ...(oauth && { oauth: oauthFrom(oauth) }),
    ...(passed && { passHeaders: passed.map((name) => name.toLowerCase()) }),
  };
}

function limitsFrom({
  subject,
  ...ofApp
}: NonNullable<Config["app"][number]["limits"]>): Pick<App, "limits" | "subjectLimits"> {
  return {
    ...(Object.keys(ofApp).length > 0 && { limits: camelCased(ofApp) }),
    ...(subject && { subjectLimits: camelCased(subject) }),
  };
}

/** A table in camelCase, with policies in place of their names. */
function withPolicies<Table extends { policy?: readonly string[] | undefined }>(
  { policy: names, ...values }: Table,
  policies: readonly NamedPolicy[],
): CamelCased<Omit<Table, "policy">> & { policies?: readonly NamedPolicy[] } {
  const table = camelCased(values) as CamelCased<Omit<Table, "policy">>;
  if (!names) return table;
  // A name that is unknown was reported as a mistake.
  const found = names.flatMap((name) => policies.find((policy) => policy.name === name) ?? []);
  return { ...table, policies: found };
}

function routeFrom(
  { path, upstream, signature, cors, trust_traceparent, ...values }: Config["route"][number],
  policies: readonly NamedPolicy[],
): Route {
  const route: Route = {
    id: path,
    path,
    upstream,
    ...(trust_traceparent !== undefined && { trustTraceparent: trust_traceparent }),
    upstreams: [{ url: upstream, ...withCredentials(values, upstream, policies) }],
    ...(cors && { cors: corsFrom(cors) }),
  };
  if (signature === "none") return route;
  const { scheme: _, ...scheme } = signature;
  return { ...route, signature: camelCased(scheme) };
}

function corsFrom({ allow_origins: origins, ...cors }: Config["cors"]): CorsPolicy {
  return camelCased({
    origins: origins?.includes("*") ? undefined : origins,
    methods: cors.allow_methods,
    headers: cors.allow_headers,
    expose: cors.expose_headers,
  });
}
