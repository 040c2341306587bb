import type { Admission } from "../model/grant.ts";
import { foldName } from "../model/header_name.ts";

const CREDENTIALS = [
  "authorization",
  "x-api-key",
  "x-goog-api-key",
  "api-key",
  "xi-api-key",
  // They select the account to bill.
  "openai-organization",
  "openai-project",
  "x-goog-user-project",
];

const NO_NAMES: readonly string[] = [];

/**
 * Returns the caller's headers that are not forwarded. If the rule injects a credential, a second credential
 * of the caller would make the upstream choose between two accounts.
 *
 * @param admission of the request
 * @returns names in the form of {@link foldName}
 */
export function withheldHeaders({ grant, target: { rule } }: Admission): readonly string[] {
  const subject = rule.subjectHeader === undefined ? NO_NAMES : [foldName(rule.subjectHeader)];
  if (grant.token === undefined || rule.headers.length === 0) return subject;
  return [...CREDENTIALS, ...subject];
}
