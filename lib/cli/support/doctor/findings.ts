/** The remedy for each finding, by its code. The codes are stable. */
export const REMEDIES = {
  dns_unresolved:
    "Create an A or AAAA record for the name, or correct the URL. A new record can take minutes to be seen.",
  dns_private_address:
    "Let the public DNS record name the address of the load balancer or proxy that the internet reaches. If only a private network is to reach the gateway, use --private.",
  connection_failed:
    "Check that the proxy or the gateway is running, that it listens on this port, and that no firewall or security group drops connections to it. Remove the DNS records of addresses that nothing listens on.",
  not_encrypted:
    "Serve https: let the proxy in front have a certificate, or use --tls-cert and --tls-key. Whoever sees a signed URL or a token can use it.",
  certificate_untrusted:
    "Serve the whole chain: the certificate and its intermediates, in this order, issued by an authority that clients trust. For an authority of your own, use --ca.",
  certificate_wrong_name: "Issue a certificate for the name in the URL, and serve that one.",
  certificate_expired: "Renew the certificate, and reload the proxy or the gateway that serves it.",
  certificate_expiring:
    "Renew the certificate, and find out why that did not happen by itself. Then reload the proxy or the gateway that serves it.",
  gateway_unreachable:
    "Check that the gateway is running, and that the proxy passes requests on to the address and port that the gateway listens on.",
  not_a_gateway:
    "Check the host and the path of the URL, and that the proxy passes everything below it on to the gateway. Keep logins, caches and error pages of other servers away from it.",
  clock_off:
    "Compare both machines with a time server, and let one of systemd-timesyncd, chrony or ntpd correct the wrong one. Signed URLs and tokens are refused, or live too long, when clocks differ.",
  path_prefix_stripped:
    "Tell the gateway which path the proxy in front removes: set public_path (--public-path) to the path of this URL.",
  path_prefix_kept:
    "The gateway has a public_path, and the proxy in front passes that path on too. Let the proxy remove it, or remove public_path.",
  path_prefix_unknown:
    "Let the proxy in front remove the path of this URL, and set public_path (--public-path) to it. Signed URLs work without that, but access tokens and routes do not.",
  public_path_differs:
    "Use the URL with the public_path of the gateway's configuration, for this command and for signers, or change public_path.",
  signature_refused:
    "Check that the secret is the one that the running gateway has, and that nothing in front rewrites the path or the query. `signway explain` tells what differs.",
  request_refused:
    "The code says why: docs/errors.md explains it. Check that the app and its rules are those of the running gateway.",
  cors_origin_missing:
    "Add the origin to allow_origins in [cors] or [app.cors] of the gateway's configuration. Let the proxy in front pass OPTIONS requests on, and keep its hands off Access-Control headers.",
  cors_header_repeated:
    "Remove the Access-Control headers that the proxy in front adds: the gateway sends its own, and browsers refuse two.",
  upstream_key_refused:
    "Check the key in the rule's headers, or the environment variable that it refers to, and that the key may call this URL. Then restart or reload the gateway.",
  upstream_failed:
    "Check that the gateway's machine reaches the upstream: DNS, firewall, and an HTTPS proxy that it would need.",
  stream_buffered:
    "Switch off buffering and compression in the proxy in front: in nginx proxy_buffering off and gzip off, as docs/reverse_proxy.md shows.",
  idle_timeout:
    "Let the proxy or load balancer in front wait for longer than idle_timeout and head_timeout of the gateway, 600 s by default: in nginx proxy_read_timeout 620s. For event streams alone, sse_heartbeat may be less than its timeout.",
} as const;

/** The code of a finding. */
export type FindingCode = keyof typeof REMEDIES;

/** Something to change. */
export interface Finding {
  code: FindingCode;
  /** The measurement, in one sentence. */
  measured: string;
}

/** The checks, in their order. */
export const CHECKS = [
  "dns",
  "connection",
  "certificate",
  "gateway",
  "clock",
  "path",
  "cors",
  "upstream",
  "streams",
] as const;

/** The name of a check. */
export type CheckName = (typeof CHECKS)[number];

/** The result of a check. */
export interface CheckResult {
  check: CheckName;
  /** `skipped`: it could not be done; `measured` says why. */
  state: "ok" | "finding" | "skipped";
  /** The measurement, in one sentence without a full stop. */
  measured: string;
  findings: readonly Finding[];
}

/** The result of a check that found nothing to change. */
export function ok(check: CheckName, measured: string): CheckResult {
  return { check, state: "ok", measured, findings: [] };
}

/** The result of a check that was not done. */
export function skipped(check: CheckName, measured: string): CheckResult {
  return { check, state: "skipped", measured, findings: [] };
}

/** The result of a check with findings; without any, it is `ok` with this measure. */
export function found(
  check: CheckName,
  findings: readonly Finding[],
  measured: string,
): CheckResult {
  if (findings.length === 0) return ok(check, measured);
  const all = findings.map((finding) => finding.measured).join("; ");
  return { check, state: "finding", measured: all, findings };
}
