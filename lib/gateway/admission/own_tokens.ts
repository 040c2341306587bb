import { isPresigned } from "../../signing/verify.ts";
import type { InboundRequest } from "../inbound.ts";
import type { App } from "../model/app.ts";
import type { FoundApp, OwnTokens, Sources } from "./authenticator.ts";
import { findTokens, type FoundToken } from "./token_slots.ts";

type TokenSources = Pick<Sources, "findApp" | "findIssuer">;

/** A token, and the app or response that `findApp` returned for its issuer. */
interface LookedUp {
  token: FoundToken;
  found: FoundApp;
}

/**
 * Finds the tokens of a request that an app of this gateway issued. The gateway leaves all other tokens to the
 * upstream.
 *
 * @param inbound the request
 * @param sources the apps; the gateway looks up each issuer once
 * @returns `undefined` when there is none; a promise when `findApp` returned one
 * @throws GatewayError `request_malformed`, `url_too_long`
 */
export function findOwnTokens(
  inbound: InboundRequest,
  sources: TokenSources,
): OwnTokens | undefined | Promise<OwnTokens | undefined> {
  const tokens = findTokens(inbound);
  if (tokens.length === 0) return undefined;
  const apps = new Map<string, FoundApp | Promise<FoundApp>>();
  for (const { claims } of tokens) {
    if (!apps.has(claims.issuer)) {
      apps.set(claims.issuer, sources.findApp(claims.issuer, inbound.request));
    }
  }
  const found = tokens.map(({ claims }) => apps.get(claims.issuer));
  const choose = (all: readonly FoundApp[]) =>
    ownAmong(
      tokens.map((token, index) => ({ token, found: withoutResponse(all[index], inbound) })),
      sources,
    );
  // The clients of some databases return an object that only looks like a Promise.
  const isAsync = found.some((app) => app && "then" in app);
  return isAsync ? Promise.all(found).then(choose) : choose(found as FoundApp[]);
}

/** A signed URL names its own app, and may carry a token of another issuer for the upstream. */
function withoutResponse(found: FoundApp, { target: { query } }: InboundRequest): FoundApp {
  return found instanceof Response && isPresigned(query) ? undefined : found;
}

function ownAmong(all: readonly LookedUp[], { findIssuer }: TokenSources): OwnTokens | undefined {
  const own = all.flatMap(({ token, found }) => {
    if (found instanceof Response || isEnabled(found)) {
      return [{ token, app: found, isOfKeySet: false }];
    }
    const app = findIssuer?.(token.claims.issuer, token.claims.audience);
    return isEnabled(app) ? [{ token, app, isOfKeySet: true }] : [];
  });
  const [first] = own;
  if (!first) return undefined;
  return { found: own.map(({ token }) => token), app: first.app, isOfKeySet: first.isOfKeySet };
}

function isEnabled(app: App | undefined): app is App {
  return app !== undefined && app.tokens?.enabled !== false;
}
