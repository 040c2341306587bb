/** Words that stand before a token or a key. */
const BEFORE_TOKEN: readonly string[] = ["token", "bearer"];

/** Beginnings of entries that hold a credential, or choose the account that is billed. */
const OF_ACCOUNT = /^(?:openai-insecure-api-key|openai-organization|openai-project|bearer)\./i;

/** The sub-protocols of a handshake. */
export interface Protocols {
  /** The ones that the upstream is offered. */
  offered: readonly string[];
  /** The word that stood before a credential. A browser fails unless an offered name is chosen. Absent: there was none. */
  word?: string;
}

/**
 * Takes out of the offered sub-protocols what carried the token or belongs to it, and the caller's own credentials
 * where the gateway adds another.
 *
 * @param offered the names from the client, in their order
 * @param token the text of the token. Absent: the request has none
 * @param replacesCredentials whether the rule injects a credential, so that the caller's own ones stay here
 * @returns the names for the upstream
 */
export function withoutCredentials(
  offered: readonly string[],
  token: string | undefined,
  replacesCredentials: boolean,
): Protocols {
  if (token === undefined) return { offered };
  const kept: string[] = [];
  let word: string | undefined;
  const isOwn = (name: string, before: string | undefined) =>
    replacesCredentials && (OF_ACCOUNT.test(name) || isWord(before));
  for (const [index, name] of offered.entries()) {
    const next = offered[index + 1];
    const isBeforeCredential = next === token || (replacesCredentials && next !== undefined);
    if (isWord(name) && isBeforeCredential) word = name;
    else if (!name.includes(token) && !isOwn(name, offered[index - 1])) kept.push(name);
  }
  return { offered: kept, ...(word !== undefined && { word }) };
}

function isWord(name = ""): boolean {
  return BEFORE_TOKEN.includes(name.toLowerCase());
}
