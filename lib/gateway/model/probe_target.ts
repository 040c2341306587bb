import type { Grant } from "./grant.ts";
import type { UpstreamRule } from "./rule.ts";

/**
 * The host that the gateway answers for by itself. It lets a deployment be checked from outside: a response of it passes
 * all that a response of an upstream passes. `.invalid` is nobody's (RFC 6761, section 6.4), so no upstream is hidden.
 */
export const PROBE_ORIGIN = "https://probe.signway.invalid";

/** The rule of {@link PROBE_ORIGIN}: it adds no header, and neither policies nor limits that count belong to it. */
export const PROBE_RULE: UpstreamRule = {
  url: new URL(`${PROBE_ORIGIN}/`),
  headers: [],
  methods: ["GET"],
  websocket: false,
  usage: false,
};

/**
 * Whether a grant is for the gateway's own responses. Only a signed URL is, since whoever has the secret chose its
 * target; the holder of a token chooses the target alone.
 */
export function isProbe({ credential, target }: Pick<Grant, "credential" | "target">): boolean {
  return target.origin === PROBE_ORIGIN && credential.scheme === "signed_url";
}

/** The grant of a probe, without policies and limits that count: nothing goes to an upstream that they could protect. */
export function probeGrant(grant: Grant): Grant {
  const { limits: _limits, subjectLimits: _subjectLimits, ...principal } = grant.principal;
  return { ...grant, principal, permits: {} };
}
