/**
 * The name of a scope: the thing that some counters belong to, within one app. All counters of a scope are
 * one row in a store.
 */
export type Scope = `t/${string}` | `u/${string}` | `r/${string}` | "a";

/** The scope of a whole app. */
export const APP_SCOPE: Scope = "a";

/**
 * Returns the scope of an access token.
 *
 * @param issuer the claim `iss`
 * @param id the claim `jti`
 */
export function tokenScope(issuer: string, id: string): Scope {
  return `t/${escape(issuer)}/${escape(id)}`;
}

/**
 * Returns the scope of a signed URL.
 *
 * @param digest the SHA-256 of its signature, in hex
 */
export function urlScope(digest: string): Scope {
  return `t//${digest}`;
}

/**
 * Returns the scope of an end user.
 *
 * @param subject the claim `sub`
 */
export function subjectScope(subject: string): Scope {
  return `u/${escape(subject)}`;
}

/**
 * Returns the scope of a rule.
 *
 * @param rule what identifies the rule in its app, such as its URL
 */
export function ruleScope(rule: string): Scope {
  return `r/${escape(rule)}`;
}

/**
 * Whether the counters of a scope belong to a credential. They are kept until an hour after the latest `exp`
 * of the credential, and the birth of the ledger decides about it.
 */
export function isCredentialScope(scope: Scope): boolean {
  return scope.startsWith("t/");
}

function escape(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
