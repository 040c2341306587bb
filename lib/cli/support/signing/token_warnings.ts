import type { App } from "../../../gateway/model/app.ts";
import { isGuarding } from "../../../gateway/policy/combine.ts";
import { providerOfRule } from "../../../gateway/providers/provider.ts";
import { describeAllowEntry } from "../../../signing/explain/allow_entries.ts";
import { COUNTER_KEYS, MAX_TOKEN_LENGTH_IN_URL } from "../../../signing/verify.ts";
import type { TokenLimits } from "./claims_file.ts";
import type { Signer } from "./signer.ts";
import { originsOf } from "./token_output.ts";

/** A token that was signed, for {@link tokenWarnings}. */
export interface SignedToken {
  token: string;
  /** Its audience and its end user, if it names them. */
  audience?: string | undefined;
  subject?: string | undefined;
  /** How long it is valid, in seconds. */
  expires: number;
  limits: TokenLimits;
  /** Whether it is part of a URL. */
  isInUrl: boolean;
}

// Proxies in front of a gateway often accept 8 kB for all headers together.
const LONG = 4_096;

/**
 * Finds reasons why a gateway will probably refuse a token. It contacts no gateway.
 *
 * @param signed the token
 * @param signer the app that signed, with its settings if there is a configuration file
 * @returns one sentence per reason
 */
export function tokenWarnings(signed: SignedToken, signer: Signer): string[] {
  const { token, expires, isInUrl, limits } = signed;
  const { id, app, maxExpires } = signer;
  const warnings = (limits.allow ?? [])
    .filter((entry) => describeAllowEntry(entry) === undefined)
    .map((entry) => `the entry ${entry} of allow opens nothing that is known`);
  if (expires > maxExpires) {
    const allowance = app ? `app ${id} allows` : "by default a gateway allows";
    warnings.push(`the token is valid for ${expires} s, but ${allowance} only ${maxExpires} s`);
  }
  if (isInUrl && token.length > MAX_TOKEN_LENGTH_IN_URL) {
    const limit = `in a URL a gateway accepts at most ${MAX_TOKEN_LENGTH_IN_URL}`;
    warnings.push(`the token has ${token.length} characters, but ${limit}`);
  } else if (token.length > LONG) {
    const reason = "clients and proxies may refuse such a long header";
    warnings.push(`the token has ${token.length} characters: ${reason}`);
  }
  return app ? [...warnings, ...warningsOfApp(signed, signer, app)] : warnings;
}

function warningsOfApp(signed: SignedToken, signer: Signer, app: App): string[] {
  const { id, audience } = signer;
  const { enabled = true, require = {} } = app.tokens ?? {};
  if (!enabled) return [`app ${id} accepts no tokens`];
  const warnings = [...warningsOfRules(signed, app), ...warningsOfPolicies(signed, signer, app)];
  if (signed.audience !== undefined && signed.audience !== audience) {
    const expected = audience === undefined ? "no audience" : "another audience";
    warnings.push(`app ${id} has ${expected}, so the gateway refuses the token`);
  }
  if (app.subjectLimits && signed.subject === undefined) {
    warnings.push(`app ${id} has limits for each end user, so the token needs --subject`);
  }
  const jti = COUNTER_KEYS.some((key) => signed.limits[key] !== undefined) ? "" : undefined;
  const { subject: sub, audience: aud } = signed;
  const claims = { iss: id, sub, aud, iat: 0, exp: 0, jti, sw: {} };
  const present = Object.entries(claims).filter(([, value]) => value !== undefined);
  const missing = Object.keys(require).filter((name) => !present.some(([it]) => it === name));
  if (missing.length > 0) {
    warnings.push(`app ${id} requires claims that the token does not have: ${missing.join(", ")}`);
  }
  return warnings;
}

function warningsOfRules({ limits: { to } }: SignedToken, { id, upstreams }: App): string[] {
  const allowed = upstreams.map(({ url }) => url?.origin);
  if (!to && allowed.every((origin) => origin === undefined)) {
    return [`app ${id} has no upstream with a URL, so the token needs --to`];
  }
  if (allowed.includes(undefined)) return [];
  return originsOf(to ?? [])
    .filter((origin) => !allowed.includes(origin))
    .map((origin) => `app ${id} has no upstream for ${origin}`);
}

function warningsOfPolicies(
  { limits }: SignedToken,
  { policies = [] }: Signer,
  { id, upstreams }: App,
): string[] {
  const warnings = (limits.policy ?? [])
    .filter((name) => !policies.includes(name))
    .map((name) => `the configuration has no policy ${name}, so the gateway refuses the token`);
  const isKnown = upstreams.some(
    (rule) => !rule.url || providerOfRule(rule, rule.url) !== undefined,
  );
  const countsUsage = limits.tokens !== undefined || limits.cost !== undefined;
  if ((isGuarding(limits) || countsUsage) && !isKnown) {
    const remedy = "so the gateway refuses its requests: set the provider of an upstream";
    warnings.push(`app ${id} has no upstream with a known provider, ${remedy}`);
  }
  return warnings;
}
