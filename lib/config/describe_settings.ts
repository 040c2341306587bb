import type { App } from "../gateway/model/app.ts";
import type { Limits, UpstreamRule } from "../gateway/model/rule.ts";
import type { Route } from "../gateway/model/route.ts";
import type { Settings } from "./settings.ts";

/**
 * Says in plain words what settings mean: who may call what, with which headers. Names only.
 *
 * @param settings valid ones
 */
export function describeSettings(settings: Settings): string {
  const { host, port, apps, routes, cors } = settings;
  const lines = [
    `Listens on ${host || "all interfaces"}, port ${port}.`,
    `Pages of ${cors.origins?.join(", ") ?? "any origin"} may read the answers.`,
    ...apps.flatMap(describeApp),
    ...routes.flatMap(describeRoute),
  ];
  return lines.join("\n") + "\n";
}

function describeApp({ id, secrets, upstreams, maxExpires, cors, ...limits }: App): string[] {
  const whole = describeLimits(limits);
  return [
    "",
    `App ${JSON.stringify(id)}: a URL signed with ${secrets.length === 1 ? "its secret" : `one of its ${secrets.length} secrets`} may call`,
    ...upstreams.map((rule) => `  ${describeRule(rule)}`),
    ...(maxExpires === undefined ? [] : [`  A URL holds for ${maxExpires} s at most.`]),
    ...(whole.length === 0 ? [] : [`  All in all: ${whole.join(", ")}.`]),
    ...(cors
      ? [`  Pages of ${cors.origins?.join(", ") ?? "any origin"} may read the answers.`]
      : []),
  ];
}

function describeRule({ url, headers, methods, allowPrivate, ...limits }: UpstreamRule): string {
  const target = url?.href ?? (allowPrivate ? "any target" : "any public target");
  const names = headers.map(([name]) => name).join(", ");
  return [
    `${methods?.join(", ") ?? "any method"} ${target}`,
    names ? `with ${names}` : "with no header added",
    ...describeLimits(limits),
    ...(limits.headTimeout === undefined ? [] : [`an answer within ${limits.headTimeout} s`]),
    ...(limits.keepCookies ? ["cookies kept"] : []),
  ].join(", ");
}

function describeRoute({ path, signature, upstreams }: Route): string[] {
  const [rule] = upstreams;
  const checked = signature
    ? `a request signed over ${signature.fields?.join(", ")} (${signature.hash}, in ${signature.headers.join(" or ")})`
    : "any request, unsigned,";
  const window =
    signature?.maxAge === undefined ? [] : [`  Signed at most ${signature.maxAge} s ago.`];
  return ["", `Route ${path}: ${checked} may call`, `  ${describeRule(rule!)}`, ...window];
}

function describeLimits({ maxBody, maxConnections }: Limits): string[] {
  return [
    ...(maxBody === undefined ? [] : [`bodies up to ${maxBody} bytes`]),
    ...(maxConnections === undefined ? [] : [`${maxConnections} at a time`]),
  ];
}
