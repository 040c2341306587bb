import { createNameMemory, type HeaderClass, treatmentsOf } from "./header_classes.ts";

/**
 * What becomes of an upstream's header, beside passing on. `drop`: it never goes on. `caching`, `cookie`:
 * only where the rule keeps these. `challenge`: only when no browser answers it by itself.
 */
export type ResponseTreatment = "drop" | "caching" | "cookie" | "challenge";

/** The headers of upstreams that do not simply pass. All upstreams share the gateway's origin and front. */
export const RESPONSE_HEADER_CLASSES: readonly HeaderClass<ResponseTreatment>[] = [
  {
    treatment: "drop",
    reason: "are the gateway's own: it grants access to pages, and says what went wrong",
    names: `access-control cross-origin-resource-policy content-security-policy
      content-security-policy-report-only referrer-policy timing-allow-origin x-content-type-options`,
    prefixes: "access-control- x-sw-",
  },
  {
    treatment: "drop",
    reason: "command a proxy, a cache or a server in front: to send files, to store, to purge",
    names: `alternates cache-tag cache-tags cdn-tag cf-edge-cache meter priority proxy-features
      proxy-instruction tcn variant-vary x-cache-tags x-magento-tags x-next-cache-tags x-varnish xkey`,
    prefixes: `akamai- cloudflare- edge- fastly- netlify- surrogate- vercel- x-accel- x-envoy-
      x-lighttpd- x-litespeed- x-middleware- x-reproxy- x-sendfile`,
    // Cache-Control itself does not end so. Age, Expires and it are for every cache, see below.
    suffixes: "-cache-control",
  },
  {
    treatment: "drop",
    reason: "set a state of the origin: what the browser keeps, sends or reports from then on",
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
    reason: "let a cache keep what one signed URL was allowed to read",
    names: "age cache-control expires pragma",
  },
  { treatment: "cookie", reason: "belong to the whole origin", names: "set-cookie" },
  {
    treatment: "challenge",
    reason: "may have a browser ask for a password, and send it to the origin from then on",
    names: "optional-www-authenticate www-authenticate",
  },
];

const treatmentOf = treatmentsOf(RESPONSE_HEADER_CLASSES);

/** How a response header with a name in lower case is treated. */
export const responseTreatment = createNameMemory((name) => treatmentOf(name) ?? "pass");

// The schemes that browsers know; an API's Bearer means nothing to them. A name inside a quoted text
// counts too: better one challenge too few.
const BROWSER_SCHEME =
  /(^|[\s,"])(basic|digest|hoba|kerberos|mutual|nego2|negotiate|ntlm|passport[\d.]*|privatetoken)($|[\s,"])/i;

/** Whether a browser would answer a challenge by itself, or ask its user for a password. */
export function isBrowserChallenge(value: string): boolean {
  return BROWSER_SCHEME.test(value);
}
