import type { App } from "../gateway/model/app.ts";
import type { Limits, UpstreamRule } from "../gateway/model/rule.ts";
import type { Route } from "../gateway/model/route.ts";
import type { Settings } from "./settings.ts";

/**
 * Describes settings in plain words: which app or route may call which API, with which headers. The text
 * contains no secrets and no values of headers.
 *
 * @param settings the settings of a valid configuration
 * @returns the lines, each with a newline
 */
export function describeSettings(settings: Settings): string {
  const { host, port, apps, routes, cors } = settings;
  const lines = [
    `Listens on ${host || "all interfaces"}, port ${port}.`,
    `Pages of ${cors.origins?.join(", ") ?? "any origin"} may read responses.`,
    ...apps.flatMap(describeApp),
    ...routes.flatMap(describeRoute),
  ];
  return lines.join("\n") + "\n";
}

function describeApp({ id, secrets, upstreams, maxExpires, cors, ...limits }: App): string[] {
  const appLimits = describeLimits(limits);
  return [
    "",
    `App ${JSON.stringify(id)}: a URL signed with ${secrets.length === 1 ? "its secret" : `one of its ${secrets.length} secrets`} may call`,
    ...upstreams.map((rule) => `  ${describeRule(rule)}`),
    ...(maxExpires === undefined ? [] : [`  A URL is valid for at most ${maxExpires} s.`]),
    ...(appLimits.length === 0 ? [] : [`  Limits of the app: ${appLimits.join(", ")}.`]),
    ...(cors ? [`  Pages of ${cors.origins?.join(", ") ?? "any origin"} may read responses.`] : []),
  ];
}

function describeRule({ url, headers, methods, allowPrivate, ...limits }: UpstreamRule): string {
  const target = url?.href ?? (allowPrivate ? "any target" : "any public target");
  const names = headers.map(([name]) => name).join(", ");
  return [
    `${methods?.join(", ") ?? "any method"} ${target}`,
    names ? `with ${names}` : "with no header added",
    ...describeLimits(limits),
    ...(limits.headTimeout === undefined ? [] : [`a response within ${limits.headTimeout} s`]),
    ...(limits.keepCookies ? ["cookies passed on"] : []),
    ...(limits.keepCaching ? ["caching headers passed on"] : []),
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
