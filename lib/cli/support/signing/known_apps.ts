import type { ConfiguredApp, Settings } from "../../../config/settings.ts";
import { DEFAULTS } from "../../../gateway/defaults.ts";
import type { RequiredClaims } from "../../../gateway/model/app.ts";
import type { CounterLimits } from "../../../gateway/model/counter_limits.ts";
import type { NamedPolicy } from "../../../gateway/model/policy.ts";
import type { UpstreamRule } from "../../../gateway/model/rule.ts";
import type { OtherApp } from "../../../signing/explain.ts";
import type { Environment } from "../../../config/environment.ts";
import type { ExplainFlagName } from "../../arguments/explain_flags.ts";
import type { Arguments } from "../../arguments/parse_arguments.ts";
import { loadSettingsFile } from "../load_settings.ts";
import type { ReadText } from "../../../config/read_text.ts";
import { findSigner } from "./signer.ts";

/** The known apps of a gateway. */
export interface KnownApps {
  apps: readonly KnownApp[];
  /** How far ahead a signer's clock may be, in seconds. */
  clockSkew: number;
  /** The gateway's policies; absent if they are not known. */
  policies?: readonly NamedPolicy[];
}

/** An app of the gateway. */
export interface KnownApp extends OtherApp {
  /** The maximum validity of the app's URLs and tokens, in seconds. */
  maxExpires: number;
  /** The audience of its tokens; `null` if it has none, absent if that is not known. */
  audience?: string | null;
  /** Whether it accepts tokens. */
  hasTokens: boolean;
  /** The claims that its tokens must have. Absent: none, or that is not known. */
  require?: RequiredClaims | undefined;
  /** The policies of its tokens. Absent: none, or that is not known. */
  policies?: readonly NamedPolicy[] | undefined;
  /** Its limits, and those of each end user. Absent: they are not known. */
  limits?: readonly (CounterLimits | undefined)[] | undefined;
  /** Its rules. Absent: they are not known. */
  upstreams?: readonly UpstreamRule[];
  /** Whether it has limits for each end user, so that a token needs a `sub`. Default: no, or not known. */
  countsSubjects?: boolean;
  /**
   * Tells whether a token needs `jti` and `iat`, because a policy of the app, or one of the policies that the token
   * names, has limits. Absent: that is not known.
   */
  countsTokens?: (policies: readonly string[]) => boolean;
  /** The issuer of its key set, if it has one. */
  issuer?: string | undefined;
}

/**
 * Finds the apps whose URLs and tokens a gateway accepts.
 *
 * @param given the options, from `parseArguments`
 * @param env the environment: `SW_ID`, `SW_SECRET`, and the variables that the file refers to
 * @param read reads the configuration file
 * @returns the apps and the clock skew; `undefined` when there is neither a secret nor a file
 * @throws ConfigError when the file has mistakes or lacks the app of `--app`, or when `SW_ID` is missing
 */
export function knownApps(
  given: Arguments<ExplainFlagName>["given"],
  env: Environment,
  read: ReadText,
): KnownApps | undefined {
  const [config] = given.get("config") ?? [];
  if (config === undefined && !given.has("app") && env["SW_SECRET"] === undefined) return undefined;
  if (config === undefined) {
    const { id, secret, maxExpires } = findSigner(given, env, read);
    const app = { id, secrets: [secret], maxExpires, hasTokens: true };
    return { apps: [app], clockSkew: DEFAULTS.clockSkew };
  }
  const settings = loadSettingsFile(config, env, read);
  const chosen = given.has("app") ? findSigner(given, env, read).id : undefined;
  const apps = settings.apps.filter(({ id }) => chosen === undefined || id === chosen);
  return {
    apps: apps.map((app) => knownApp(app, settings)),
    clockSkew: settings.clockSkew,
    policies: settings.policies,
  };
}

/** Returns whether one of the policies counts, or one of these names. */
function countingAmong(
  ofApp: readonly NamedPolicy[],
  { policies }: Settings,
): (names: readonly string[]) => boolean {
  return (names) =>
    [...ofApp, ...policies.filter(({ name }) => names.includes(name))].some(
      ({ limits }) => limits !== undefined,
    );
}

function knownApp(
  { id, secrets, maxExpires, tokens, upstreams, limits, subjectLimits }: ConfiguredApp,
  settings: Settings,
): KnownApp {
  return {
    id,
    secrets,
    maxExpires: maxExpires ?? settings.maxExpires,
    audience: tokens?.audience ?? settings.audience ?? null,
    hasTokens: tokens?.enabled ?? true,
    require: tokens?.require,
    policies: tokens?.policies,
    upstreams,
    limits: [limits, subjectLimits],
    countsSubjects: subjectLimits !== undefined,
    countsTokens: countingAmong(tokens?.policies ?? [], settings),
    issuer: tokens?.issuer,
  };
}
