import type { Grant } from "./grant.ts";
import type { UpstreamRule } from "./rule.ts";

/**
 * The host for which the gateway itself answers. It serves to check a deployment from outside, because its responses pass
 * the same proxies as the responses of an upstream. Nobody owns a name under `.invalid` (RFC 6761, section 6.4).
 */
export const PROBE_ORIGIN = "https://probe.signway.invalid";

/** The rule of {@link PROBE_ORIGIN}. It adds no header, and has no policies and no limits. */
export const PROBE_RULE: UpstreamRule = {
  url: new URL(`${PROBE_ORIGIN}/`),
  headers: [],
  methods: ["GET"],
  websocket: false,
  usage: false,
};

/**
 * Whether a request is for {@link PROBE_ORIGIN}. It needs a signed URL, whose target was chosen by a signer. The target of a
 * token is chosen by its holder.
 */
export function isProbe({
  credential,
  target,
}: {
  credential: Pick<Grant["credential"], "scheme">;
  target: URL;
}): boolean {
  return target.origin === PROBE_ORIGIN && credential.scheme === "signed_url";
}

/** Returns the grant of a probe without its policies and limits: they protect upstreams, and no upstream is asked. */
export function probeGrant(grant: Grant): Grant {
  const { limits: _limits, subjectLimits: _subjectLimits, ...principal } = grant.principal;
  return { ...grant, principal, permits: {} };
}
