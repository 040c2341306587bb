import { createNameMemory, type HeaderClass, treatmentsOf } from "./header_classes.ts";

/**
 * How a response header is restricted. `drop`: it is never forwarded. `caching`, `cookie`: only if the rule
 * keeps them. `challenge`: only if no browser would respond to it.
 */
export type ResponseTreatment = "drop" | "caching" | "cookie" | "challenge";

/** The response headers with restrictions, because all upstreams share the gateway's origin. */
export const RESPONSE_HEADER_CLASSES: readonly HeaderClass<ResponseTreatment>[] = [
  {
    treatment: "drop",
    reason: "are set by the gateway alone: they grant access to pages and report problems",
    names: `access-control cross-origin-resource-policy content-security-policy
      content-security-policy-report-only referrer-policy timing-allow-origin x-content-type-options`,
    prefixes: "access-control- x-sw-",
  },
  {
    treatment: "drop",
    reason:
      "give commands to a proxy, a cache or a server in front: to send files, to store, to purge",
    names: `alternates cache-tag cache-tags cdn-tag cf-edge-cache meter priority proxy-features
      proxy-instruction tcn variant-vary x-cache-tags x-magento-tags x-next-cache-tags x-varnish xkey`,
    prefixes: `akamai- cloudflare- edge- fastly- netlify- surrogate- vercel- x-accel- x-envoy-
      x-lighttpd- x-litespeed- x-middleware- x-reproxy- x-sendfile`,
    // Cache-Control itself does not have this suffix. It is in the class `caching` below.
    suffixes: "-cache-control",
  },
  {
    treatment: "drop",
    reason: "set state of the origin: what the browser stores, sends or reports from then on",
    names: `accept-ch activate-storage-access alt-svc authentication-control clear-site-data critical-ch
      delegate-ch dictionary-id expect-ct hobareg include-referred-token-binding-id nel
      no-vary-search observe-browsing-topics p3p public-key-pins public-key-pins-report-only refresh
      report-to reporting-endpoints service-worker-allowed set-login strict-transport-security
      use-as-dictionary x-permitted-cross-domain-policies`,
    prefixes: "attribution-reporting- sec- set-cookie2",
  },
  {
    treatment: "drop",
    reason: "set a policy of the origin, or of a document that is opened from it",
    names: `feature-policy large-allocation origin-agent-cluster origin-trial require-document-policy
      speculation-rules supports-loading-mode x-dns-prefetch-control x-xss-protection`,
    prefixes: `cross-origin- document-isolation-policy document-policy integrity-policy
      permissions-policy`,
  },
  {
    treatment: "caching",
    reason: "let a cache store a response that only one signed URL may read",
    names: "age cache-control expires pragma",
  },
  { treatment: "cookie", reason: "apply to the whole origin", names: "set-cookie" },
  {
    treatment: "challenge",
    reason: "may make a browser ask for a password, and send it to the origin from then on",
    names: "optional-www-authenticate www-authenticate",
  },
];

const treatmentOf = treatmentsOf(RESPONSE_HEADER_CLASSES);

/** How a response header with a name in lower case is treated. */
export const responseTreatment = createNameMemory((name) => treatmentOf(name) ?? "pass");

// The schemes that browsers support. They ignore an API's Bearer. A name counts between spaces and separators, and beside a
// character that is not printable ASCII, which a parser may skip. It counts in a quoted string, too: it is safer to drop a
// challenge too many. But a URL in a challenge may have it as a part of its path.
const BROWSER_SCHEME =
  /(^|[^!-~]|[",;])(basic|digest|hoba|kerberos|mutual|nego2|negotiate|ntlm|passport[\d.]*|privatetoken)($|[^!-~]|[",;])/i;

/** Whether a browser would respond to a challenge, by itself or with a password from its user. */
export function isBrowserChallenge(value: string): boolean {
  return BROWSER_SCHEME.test(value);
}
