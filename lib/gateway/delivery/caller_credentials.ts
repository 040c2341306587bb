import type { CheckedRequest } from "../model/checked_request.ts";
import type { Admission } from "../model/grant.ts";
import { foldName } from "../model/header_name.ts";
import { injectsCredential } from "../model/injects_credential.ts";

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
].map(foldName);

// A body that was checked has other bytes than the client's.
const DIGESTS = ["content-digest", "content-md5", "digest", "repr-digest"].map(foldName);

// Only the gateway writes them.
const OF_AWS = ["authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"].map(
  foldName,
);

const AUTHORIZATION = ["authorization"];

const NO_NAMES: readonly string[] = [];

/**
 * Returns the caller's headers that are not forwarded. If the rule injects a credential, a second credential
 * of the caller would make the upstream choose between two accounts.
 *
 * @param admission of the request
 * @param checked what policies made of the request. Default: none applies
 * @returns names in the form of {@link foldName}
 */
export function withheldHeaders(
  { grant, target: { rule } }: Admission,
  checked?: CheckedRequest,
): readonly string[] {
  const subject = rule.subjectHeader === undefined ? NO_NAMES : [foldName(rule.subjectHeader)];
  const digests = checked?.hasBody ? DIGESTS : NO_NAMES;
  const hasCredential = grant.token !== undefined && injectsCredential(rule);
  const own = rule.aws ? OF_AWS : rule.oauth ? AUTHORIZATION : NO_NAMES;
  if (!hasCredential && digests.length + own.length === 0) return subject;
  return [...(hasCredential ? CREDENTIALS : NO_NAMES), ...digests, ...own, ...subject];
}
