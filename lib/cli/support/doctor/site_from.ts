import { isIP } from "node:net";
import { origin } from "../../../config/rows/value_types.ts";
import type { UpstreamRule } from "../../../gateway/model/rule.ts";
import { DEFAULT_SILENCE, type DoctorFlagName } from "../../arguments/doctor_flags.ts";
import type { Arguments } from "../../arguments/parse_arguments.ts";
import { collectMistakes } from "../collect_mistakes.ts";
import type { CommandContext } from "../command_context.ts";
import { KNOWN_APIS } from "../init/known_apis.ts";
import { loadSettingsFile } from "../load_settings.ts";
import { mistakesInUrl } from "../signing/request_to_sign.ts";
import { findSigner, type Signer } from "../signing/signer.ts";
import type { Site } from "./site.ts";

type Given = Arguments<DoctorFlagName>["given"];

/**
 * Reads the command line of `signway doctor`.
 *
 * @param args from `parseArguments`
 * @param context the environment and the files
 * @param mistakes the list to which mistakes are added; they contain no value
 * @returns the deployment; it must not be used if there are mistakes
 */
export function siteFrom(
  { given, positionals }: Arguments<DoctorFlagName>,
  context: CommandContext,
  mistakes: string[],
): Site | undefined {
  const url = urlFrom(positionals, mistakes);
  const origins = given.get("origin") ?? [];
  if (origins.some((text) => text === "*" || !origin.safeParse(text).success)) {
    mistakes.push("--origin must be an origin, such as https://app.example.com, without a path");
  }
  const silence = Number(given.get("silence")?.[0] ?? DEFAULT_SILENCE);
  if (!Number.isInteger(silence) || silence < 5 || silence > 600) {
    mistakes.push("--silence must be a whole number of seconds from 5 to 600");
  }
  const resolver = resolverFrom(given, mistakes);
  const ca = caFrom(given, context, mistakes);
  const signer = collectMistakes(() => signerFrom(given, context), mistakes);
  const target = targetFrom(given, signer, mistakes);
  const publicPath = collectMistakes(() => publicPathFrom(given, context), []);
  if (!url) return undefined;
  return {
    ...{ url, origins, silence, isPrivate: given.has("private") },
    ...(resolver !== undefined && { resolver }),
    ...(ca !== undefined && { ca }),
    ...(signer && { signer }),
    ...(target !== undefined && { target }),
    ...(publicPath !== undefined && { publicPath }),
  };
}

const EXAMPLE = "https://gateway.example.com";

// The argument is not repeated: it is a secret if doctor is meant to be an id.
const NO_URL = `doctor needs the gateway's URL, such as ${EXAMPLE}: if doctor is the id of an app, write 'signway serve ID SECRET'`;

function urlFrom([text, ...rest]: readonly string[], mistakes: string[]): URL | undefined {
  const url = URL.parse(text ?? "");
  const isHttp = url?.protocol === "https:" || url?.protocol === "http:";
  if (!url || !isHttp || rest.length > 0) {
    mistakes.push(NO_URL);
    return undefined;
  }
  if (url.username || url.password || /[?#]/.test(url.href)) {
    mistakes.push("the gateway's URL has no user, no query and no fragment: remove them");
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

function resolverFrom(given: Given, mistakes: string[]): string | undefined {
  const [text] = given.get("resolver") ?? [];
  if (text === undefined) return undefined;
  const [, host = text] = /^\[?(.+?)\]?:\d{1,5}$/.exec(text) ?? [];
  const isAddress = isIP(text) > 0 || isIP(host) > 0;
  if (!isAddress) mistakes.push("--resolver must be an address, such as 1.1.1.1 or 127.0.0.1:53");
  return text;
}

function caFrom(given: Given, { read }: CommandContext, mistakes: string[]): string | undefined {
  const [path] = given.get("ca") ?? [];
  if (path === undefined) return undefined;
  const text = read(path);
  if (!text?.includes("-----BEGIN CERTIFICATE-----")) {
    mistakes.push("--ca must be a file with certificates in PEM that can be read");
  }
  return text;
}

function signerFrom(given: Given, { env, read }: CommandContext): Signer | undefined {
  const isGiven = given.has("config") || given.has("app");
  if (!isGiven && env["SW_ID"] === undefined && env["SW_SECRET"] === undefined) return undefined;
  return findSigner(given, env, read);
}

function publicPathFrom(given: Given, { env, read }: CommandContext): string | undefined {
  const [config] = given.get("config") ?? [];
  return config === undefined ? undefined : loadSettingsFile(config, env, read).publicPath;
}

/** The paths that can be asked with GET and cost nothing, by the hosts of their APIs. */
const FREE_PATHS: ReadonlyMap<string, string> = new Map(
  Object.values(KNOWN_APIS).map(({ example }) => {
    const { host, pathname } = new URL(example);
    return [host, pathname];
  }),
);

function targetFrom(
  given: Given,
  signer: Signer | undefined,
  mistakes: string[],
): string | undefined {
  const [target] = given.get("target") ?? [];
  if (target !== undefined) {
    mistakes.push(...mistakesInUrl("--target", target, "https://api.example.com/v1/models"));
    return target;
  }
  return signer?.app?.upstreams.map((rule) => freeUrlBelow(rule)).find((url) => url !== undefined);
}

function freeUrlBelow({ url, methods }: UpstreamRule): string | undefined {
  const path = FREE_PATHS.get(url?.host ?? "");
  if (!url || path === undefined || methods?.includes("GET") === false) return undefined;
  const free = new URL(path, url).href;
  return free.startsWith(url.href) ? free : undefined;
}
