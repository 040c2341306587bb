import { isPresigned } from "../../signing/verify.ts";
import type { InboundRequest } from "../inbound.ts";
import type { App } from "../model/app.ts";
import type { FoundApp, OwnTokens, Sources } from "./authenticator.ts";
import type { KnownContents } from "./known_contents.ts";
import { findTokens, type FoundToken } from "./token_slots.ts";

type TokenSources = Pick<Sources, "findApp" | "findIssuer">;

/**
 * Finds the tokens of a request that an app of this gateway issued. The gateway leaves all other tokens to the
 * upstream.
 *
 * @param inbound the request
 * @param sources the apps; the gateway looks up each issuer once
 * @param contents where the contents of verified tokens are kept
 * @returns `undefined` when there is none; a promise when `findApp` returned one
 * @throws GatewayError `request_malformed`, `url_too_long`
 */
export function findOwnTokens(
  inbound: InboundRequest,
  sources: TokenSources,
  contents: KnownContents,
): OwnTokens | undefined | Promise<OwnTokens | undefined> {
  const tokens = findTokens(inbound, contents);
  return tokens.length === 0 ? undefined : ownTokens(tokens, inbound, sources);
}

function ownTokens(
  tokens: readonly FoundToken[],
  inbound: InboundRequest,
  sources: TokenSources,
): OwnTokens | undefined | Promise<OwnTokens | undefined> {
  const apps = new Map<string, FoundApp | Promise<FoundApp>>();
  for (const { claims } of tokens) {
    if (!apps.has(claims.issuer)) {
      apps.set(claims.issuer, sources.findApp(claims.issuer, inbound.request));
    }
  }
  const found = tokens.map(({ claims }) => apps.get(claims.issuer));
  const choose = (all: readonly FoundApp[]) => {
    const hasUrl = isPresigned(inbound.target.query);
    // A signed URL names its own app, and may carry a token of another issuer for the upstream.
    const ofApps = hasUrl ? all.map((app) => (app instanceof Response ? undefined : app)) : all;
    const own = ownAmong(tokens, ofApps, sources);
    // A misplaced token is no credential, and is one too many beside another.
    return hasUrl || own?.found.some((token) => !token.isMisplaced) ? own : undefined;
  };
  // The clients of some databases return an object that only looks like a Promise.
  const isAsync = found.some((app) => app && "then" in app);
  return isAsync ? Promise.all(found).then(choose) : choose(found as FoundApp[]);
}

/** @param found what `findApp` returned for the issuer of each token */
function ownAmong(
  tokens: readonly FoundToken[],
  found: readonly FoundApp[],
  { findIssuer }: TokenSources,
): OwnTokens | undefined {
  const own: FoundToken[] = [];
  let first: Pick<OwnTokens, "app" | "isOfKeySet"> | undefined;
  for (let i = 0; i < tokens.length; i++) {
    const owner = ownerOf(tokens[i]!, found[i], findIssuer);
    if (!owner) continue;
    own.push(tokens[i]!);
    first ??= owner;
  }
  return first && { found: own, app: first.app, isOfKeySet: first.isOfKeySet };
}

function ownerOf(
  { claims }: FoundToken,
  found: FoundApp,
  findIssuer: TokenSources["findIssuer"],
): Pick<OwnTokens, "app" | "isOfKeySet"> | undefined {
  if (found instanceof Response || isEnabled(found)) return { app: found, isOfKeySet: false };
  const app = findIssuer?.(claims.issuer, claims.audience);
  return isEnabled(app) ? { app, isOfKeySet: true } : undefined;
}

function isEnabled(app: App | undefined): app is App {
  return app !== undefined && app.tokens?.enabled !== false;
}
