import { TokenError } from "../../signing/verify.ts";
import type { Grant } from "../model/grant.ts";
import type { UpstreamRule } from "../model/rule.ts";

// RFC 9110, section 5.5: the characters that every server reads alike.
const VISIBLE = /^[\x21-\x7e]{1,256}$/;

/**
 * Checks that the subject of a token can be written into the header that the rule names.
 *
 * @param grant of the request; without a subject there is nothing to check
 * @param rule of its target
 * @throws TokenError `token_malformed`
 */
export function assertSubject({ credential: { subject } }: Grant, rule: UpstreamRule): void {
  if (subject === undefined || rule.subjectHeader === undefined || VISIBLE.test(subject)) return;
  const reason = "is not 1 to 256 visible characters of ASCII, and the rule has a subject_header";
  throw new TokenError("token_malformed", { claim: "sub", reason });
}
