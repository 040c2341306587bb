import type { CorsPolicy } from "../../gateway/model/cors_policy.ts";
import type { Limits, UpstreamRule } from "../../gateway/model/rule.ts";
import type { Route } from "../../gateway/model/route.ts";
import type { CounterLimits } from "../../gateway/model/counter_limits.ts";
import { describeCounters } from "../../signing/explain/describe_counters.ts";
import { PRICES_DATE } from "../../gateway/usage/builtin_prices.ts";
import { isTokenSecret } from "../../signing/verify.ts";
import { ledgerFile, ledgerServers } from "../ledger/ledger_location.ts";
import { shownLocation } from "../ledger/redis_location.ts";
import { namesOfCredentials } from "../names_of_credentials.ts";
import { describePolicyTable, underPolicies } from "./describe_policies.ts";
import type { ConfiguredApp, Settings } from "../settings.ts";
import { ownTokensOf } from "../token_secrets.ts";

/**
 * Describes settings in plain words: which app or route may call which API, with which headers, and what policies
 * limit. The text contains no secrets, no values of headers and no system messages.
 *
 * @param settings the settings of a valid configuration
 * @returns the lines, each with a newline
 */
export function describeSettings(settings: Settings): string {
  const { apps, routes, policies, cors } = settings;
  const lines = [
    ...describeListeners(settings),
    describeOrigins(cors),
    describePrices(settings),
    ...describeLedger(settings.ledger),
    ...describeTelemetry(settings),
    ...apps.flatMap((app) => describeApp(app, settings.audience)),
    ...routes.flatMap(describeRoute),
    ...policies.flatMap(describePolicyTable),
  ];
  return lines.join("\n") + "\n";
}

function describeListeners({ host, port, tls, http3, workers, ...rest }: Settings): string[] {
  const protocol = tls ? `, with HTTPS${http3 ? " and HTTP/3" : ""}` : "";
  const processes = workers === "auto" ? "one worker per CPU core" : `${workers} workers`;
  const served = rest.adminToken === undefined ? "Health and metrics are" : "The admin API is";
  return [
    `Listens on ${addressOf({ host, port })}${protocol}.`,
    ...(workers === 1 ? [] : [`Runs ${processes}.`]),
    ...(rest.admin ? [`${served} served on ${addressOf(rest.admin)}.`] : []),
  ];
}

function addressOf({ host, port }: { host: string; port: number }): string {
  return `${host || "all interfaces"}, port ${port}`;
}

function describeOrigins({ origins }: CorsPolicy): string {
  if (origins?.length === 0) return "No page may read responses.";
  return `Pages of ${origins?.join(", ") ?? "any origin"} may read responses.`;
}

function describeLedger(location: string): string[] {
  const file = ledgerFile(location);
  if (file !== undefined) return [`Keeps the counters of limits in ${file}.`];
  const servers = ledgerServers(location);
  if (!servers) return [];
  const place = shownLocation(servers);
  const durable = servers.isDurable ? ", which never loses what it has acknowledged" : "";
  return [
    `Keeps the counters of limits in ${place}${durable}. All gateways that use it share them.`,
  ];
}

function describeTelemetry({ telemetry }: Settings): string[] {
  if (!telemetry) return [];
  const { traces, metrics } = telemetry;
  const signals = Object.entries({ traces, metrics }).flatMap(([signal, url]) =>
    // Its path and query may hold a key.
    url === undefined ? [] : [`${signal} to ${new URL(url).origin}`],
  );
  return [`Exports ${signals.join(", and ")}, by OTLP.`];
}

function describePrices({ prices }: Settings): string {
  const count = Object.values(prices ?? {}).flatMap((models) => Object.keys(models)).length;
  const own = count === 0 ? "" : `, and ${count} of the file \`prices\` before them`;
  return `Models have the built-in prices of ${PRICES_DATE}${own}.`;
}

function describeApp(app: ConfiguredApp, audience: string | undefined): string[] {
  const { id, upstreams, maxExpires, cors } = app;
  const appLimits = [...describeLimits(app), ...describeCounters(app.limits ?? {})];
  return [
    "",
    `App ${JSON.stringify(id)}: a URL signed with ${describeSecrets(app)} may call`,
    ...upstreams.map((rule) => `  ${describeRule(rule)}`),
    ...describeTokens(app, audience).map((sentence) => `  ${sentence}`),
    ...(maxExpires === undefined
      ? []
      : [`  ${describeSignable(app)} is valid for at most ${maxExpires} s.`]),
    ...(appLimits.length === 0 ? [] : [`  Limits of the app: ${appLimits.join(", ")}.`]),
    ...(app.subjectLimits ? [`  ${describeSubjects(app.subjectLimits)}`] : []),
    ...(app.receipts
      ? [
          `  A receipt of each exchange goes to ${app.receipts.url.origin}${app.receipts.url.pathname}.`,
        ]
      : []),
    ...(cors ? [`  ${describeOrigins(cors)}`] : []),
  ];
}

function describeSubjects(limits: CounterLimits): string {
  const amounts = describeCounters(limits);
  const refused = "A request without the sub of a token is refused.";
  return amounts.length === 0 ? refused : `Limits of each sub: ${amounts.join(", ")}. ${refused}`;
}

function describeSecrets({ secrets }: ConfiguredApp): string {
  return secrets.length === 1 ? "its secret" : `one of its ${secrets.length} secrets`;
}

function describeTokens(app: ConfiguredApp, gatewayAudience: string | undefined): string[] {
  const { tokens } = app;
  const own = ownTokensOf(app);
  if (own === "off") return ["It has no tokens."];
  const { issuer, jwks, algorithms = [], audience = gatewayAudience, require = {} } = tokens ?? {};
  const required = Object.keys(require).join(", ");
  const under = underPolicies(tokens?.policies);
  return [
    own === "on"
      ? describeOwnTokens(app)
      : "No token is signed with its secrets: they are too short.",
    ...(jwks === undefined
      ? []
      : [`A token of ${issuer} for ${audience} may call the same (${algorithms.join(", ")}).`]),
    ...(required === "" ? [] : [`A token must have ${required}.`]),
    ...(under === undefined ? [] : [`Each of its tokens is ${under}.`]),
  ];
}

/** What may be signed for an app, as the subject of a sentence. */
function describeSignable(app: ConfiguredApp): string {
  const own = ownTokensOf(app);
  const hasTokens = own === "on" || (own === "too_short" && app.tokens?.jwks !== undefined);
  return hasTokens ? "A URL or a token" : "A URL";
}

function describeOwnTokens(app: ConfiguredApp): string {
  const { secrets } = app;
  const places = secrets.flatMap((secret, i) => (isTokenSecret(secret) ? [`secrets[${i}]`] : []));
  if (places.length === secrets.length) {
    return `A token signed with ${describeSecrets(app)} may call the same.`;
  }
  return `A token signed with ${places.join(" or ")} may call the same; the other secrets are too short.`;
}

function describeRule({ url, methods, allowPrivate, ...limits }: UpstreamRule): string {
  const under = underPolicies(limits.policies);
  const target = url?.href ?? (allowPrivate ? "any target" : "any public target");
  const names = namesOfCredentials(limits).join(", ");
  return [
    `${methods?.join(", ") ?? "any method"} ${target}`,
    names ? `with ${names}` : "with no header added",
    ...describeLimits(limits),
    ...(limits.headTimeout === undefined ? [] : [`a response within ${limits.headTimeout} s`]),
    ...(limits.keepCookies ? ["cookies passed on"] : []),
    ...(limits.keepCaching ? ["caching headers passed on"] : []),
    ...(limits.redirects === undefined ? [] : ["redirects to other origins passed on"]),
    ...(limits.usage === false ? ["usage not read"] : []),
    ...(limits.subjectHeader === undefined ? [] : [`the subject in ${limits.subjectHeader}`]),
    ...(under === undefined ? [] : [under]),
    ...describeCounters(limits.limits ?? {}),
    ...(limits.onAbort === undefined ? [] : [`aborted exchanges: ${limits.onAbort}`]),
  ].join(", ");
}

function describeRoute({ path, signature, upstreams }: Route): string[] {
  const [rule] = upstreams;
  const request = signature
    ? `a request signed over ${signature.fields?.join(", ")} (${signature.hash}, in ${signature.headers.join(" or ")})`
    : "any request, signed or not,";
  const maxAge =
    signature?.maxAge === undefined
      ? []
      : [`  A signature is valid for at most ${signature.maxAge} s.`];
  return ["", `Route ${path}: ${request} may call`, `  ${describeRule(rule!)}`, ...maxAge];
}

function describeLimits({ maxBody, maxConnections }: Limits): string[] {
  return [
    ...(maxBody === undefined ? [] : [`bodies up to ${maxBody} bytes`]),
    ...(maxConnections === undefined ? [] : [`at most ${maxConnections} concurrent exchanges`]),
  ];
}
