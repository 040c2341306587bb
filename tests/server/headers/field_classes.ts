import { ROOT } from "../../support/root.ts";

const VECTORS = `${ROOT}/tests/vectors/http_field_names.txt`;

/** The names in tests/vectors/http_field_names.txt. */
export const REGISTERED: readonly string[] = (await Bun.file(VECTORS).text())
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));

// What is expected of each of them. It stands apart from the gateway's own classes, which also have names
// that no registry knows.

/** Classes of response headers. `framing` belongs to the tests of framing. */
export const RESPONSE_CLASSES = {
  passes: `A-IM Accept Accept-Additions Accept-Charset Accept-Datetime Accept-Encoding Accept-Features
    Accept-Language Accept-Patch Accept-Post Accept-Ranges Accept-Signature Allow
    AMP-Cache-Transform Apply-To-Redirect-Ref Authentication-Info Authorization
    Available-Dictionary Cache-Status Cal-Managed-ID CalDAV-Timezones CDN-Loop Cert-Not-After
    Cert-Not-Before Client-Cert Client-Cert-Chain CMCD-Object CMCD-Request CMCD-Session
    CMCD-Status CMSD-Dynamic CMSD-Static Concealed-Auth-Export Configuration-Context Content-Base
    Content-Digest Content-Disposition Content-Encoding Content-ID Content-Language
    Content-Location Content-MD5 Content-Range Content-Script-Type Content-Style-Type
    Content-Type Content-Version Cookie Cookie2 CTA-Common-Access-Token DASL Date DAV
    Default-Style Delta-Base Deprecation Depth Derived-From Destination Detached-JWS
    Differential-ID Digest DPoP DPoP-Nonce Early-Data EDIINT-Features ETag Expect Ext Forwarded
    From GetProfile Host If If-Match If-Modified-Since If-None-Match If-Range
    If-Schedule-Tag-Match If-Unmodified-Since IM Isolation Label Last-Event-ID Last-Modified Link
    Link-Template Location Lock-Token Man Max-Forwards Memento-Datetime Method-Check
    Method-Check-Expires MIME-Version Negotiate OData-EntityId OData-Isolation OData-MaxVersion
    OData-Version Opt Ordering-Type Origin OSCORE OSLC-Core-Version Overwrite PEP PEP-Info
    PICS-Label Ping-From Ping-To Position Prefer Preference-Applied ProfileObject Protocol
    Protocol-Info Protocol-Query Protocol-Request Proxy-Status Public Range Redirect-Ref Referer
    Referer-Root Repeatability-Client-ID Repeatability-First-Sent Repeatability-Request-ID
    Repeatability-Result Replay-Nonce Repr-Digest Retry-After Safe Schedule-Reply Schedule-Tag
    Security-Scheme Server Server-Timing SetProfile Signature Signature-Input SLUG SoapAction
    SourceMap Status-URI Sunset Timeout Topic Traceparent Tracestate TTL Urgency URI User-Agent
    Vary Via Want-Content-Digest Want-Digest Want-Repr-Digest Warning X-Frame-Options X-SourceMap`,
  framing: `Content-Length Transfer-Encoding`,
  hop_by_hop: `ALPN Alt-Used C-Ext C-Man C-Opt C-PEP C-PEP-Info Capsule-Protocol Close Connection
    HTTP2-Settings Keep-Alive Proxy-Authenticate Proxy-Authentication-Info Proxy-Authorization
    Sec-Token-Binding TE Trailer Upgrade`,
  of_the_gateway: `Access-Control Access-Control-Allow-Credentials Access-Control-Allow-Headers
    Access-Control-Allow-Methods Access-Control-Allow-Origin Access-Control-Expose-Headers
    Access-Control-Max-Age Access-Control-Request-Headers Access-Control-Request-Method
    Content-Security-Policy Content-Security-Policy-Report-Only Cross-Origin-Resource-Policy
    Referrer-Policy Timing-Allow-Origin X-Content-Type-Options`,
  of_a_front: `Akamai-Cache-Control Alternates CDN-Cache-Control Cloudflare-CDN-Cache-Control Edge-Cache-Tag
    Edge-Control Fastly-CDN-Cache-Control Meter Priority Proxy-Features Proxy-Instruction
    Surrogate-Capability Surrogate-Control Surrogate-Key TCN Variant-Vary X-Accel-Buffering
    X-Accel-Charset X-Accel-Expires X-Accel-Limit-Rate X-Accel-Redirect
    X-Envoy-Decorator-Operation X-Envoy-Immediate-Health-Check-Fail X-Envoy-Ratelimited
    X-LIGHTTPD-Send-File X-LiteSpeed-Cache-Control X-LiteSpeed-Purge X-LiteSpeed-Tag
    X-Reproxy-URL X-Sendfile X-Sendfile2 X-Varnish`,
  of_the_origin: `Accept-CH Activate-Storage-Access Alt-Svc Attribution-Reporting-Register-OS-Source
    Attribution-Reporting-Register-OS-Trigger Attribution-Reporting-Register-Source
    Attribution-Reporting-Register-Trigger Authentication-Control Clear-Site-Data Critical-CH
    Cross-Origin-Embedder-Policy Cross-Origin-Embedder-Policy-Report-Only
    Cross-Origin-Opener-Policy Cross-Origin-Opener-Policy-Report-Only Delegate-CH Dictionary-ID
    Document-Isolation-Policy Document-Policy Document-Policy-Report-Only Expect-CT
    Feature-Policy Hobareg Include-Referred-Token-Binding-ID Integrity-Policy
    Integrity-Policy-Report-Only Large-Allocation NEL No-Vary-Search Observe-Browsing-Topics
    Origin-Agent-Cluster Origin-Trial P3P Permissions-Policy Permissions-Policy-Report-Only
    Public-Key-Pins Public-Key-Pins-Report-Only Refresh Report-To Reporting-Endpoints
    Require-Document-Policy Sec-Fetch-Storage-Access Sec-GPC Sec-Purpose Sec-Session-Challenge
    Sec-Session-Registration Sec-WebSocket-Accept Sec-WebSocket-Extensions Sec-WebSocket-Key
    Sec-WebSocket-Protocol Sec-WebSocket-Version Service-Worker-Allowed Set-Cookie2 Set-Login
    Speculation-Rules Strict-Transport-Security Supports-Loading-Mode Use-As-Dictionary
    X-DNS-Prefetch-Control X-XSS-Protection`,
  caching: `Age Cache-Control Expires Pragma`,
  cookie: `Set-Cookie`,
  challenge: `Optional-WWW-Authenticate WWW-Authenticate`,
} as const;

/** Classes of request headers. */
export const REQUEST_CLASSES = {
  passes: `A-IM Accept Accept-Additions Accept-CH Accept-Charset Accept-Datetime Accept-Encoding
    Accept-Features Accept-Language Accept-Patch Accept-Post Accept-Ranges Accept-Signature
    Access-Control Access-Control-Allow-Credentials Access-Control-Allow-Headers
    Access-Control-Allow-Methods Access-Control-Allow-Origin Access-Control-Expose-Headers
    Access-Control-Max-Age Access-Control-Request-Headers Access-Control-Request-Method
    Activate-Storage-Access Age Akamai-Cache-Control Allow Alt-Svc Alternates AMP-Cache-Transform
    Apply-To-Redirect-Ref Attribution-Reporting-Register-OS-Source
    Attribution-Reporting-Register-OS-Trigger Attribution-Reporting-Register-Source
    Attribution-Reporting-Register-Trigger Authentication-Control Authentication-Info
    Authorization Cache-Control Cache-Status Cal-Managed-ID CalDAV-Timezones CDN-Cache-Control
    Cert-Not-After Cert-Not-Before Clear-Site-Data Cloudflare-CDN-Cache-Control CMCD-Object
    CMCD-Request CMCD-Session CMCD-Status CMSD-Dynamic CMSD-Static Configuration-Context
    Content-Base Content-Digest Content-Disposition Content-Encoding Content-ID Content-Language
    Content-Location Content-MD5 Content-Range Content-Script-Type Content-Security-Policy
    Content-Security-Policy-Report-Only Content-Style-Type Content-Type Content-Version
    Critical-CH Cross-Origin-Embedder-Policy Cross-Origin-Embedder-Policy-Report-Only
    Cross-Origin-Opener-Policy Cross-Origin-Opener-Policy-Report-Only
    Cross-Origin-Resource-Policy CTA-Common-Access-Token DASL Date DAV Default-Style Delegate-CH
    Delta-Base Deprecation Depth Derived-From Destination Detached-JWS Differential-ID Digest
    Document-Isolation-Policy Document-Policy Document-Policy-Report-Only DPoP DPoP-Nonce
    Early-Data Edge-Cache-Tag Edge-Control EDIINT-Features ETag Expect-CT Expires Ext
    Fastly-CDN-Cache-Control Feature-Policy From GetProfile Hobareg If If-Match If-Modified-Since
    If-None-Match If-Range If-Schedule-Tag-Match If-Unmodified-Since IM
    Include-Referred-Token-Binding-ID Integrity-Policy Integrity-Policy-Report-Only Isolation
    Label Large-Allocation Last-Event-ID Last-Modified Link Link-Template Location Lock-Token Man
    Max-Forwards Memento-Datetime Meter Method-Check Method-Check-Expires MIME-Version Negotiate
    NEL No-Vary-Search Observe-Browsing-Topics OData-EntityId OData-Isolation OData-MaxVersion
    OData-Version Opt Optional-WWW-Authenticate Ordering-Type Origin-Agent-Cluster Origin-Trial
    OSCORE OSLC-Core-Version Overwrite P3P PEP PEP-Info Permissions-Policy
    Permissions-Policy-Report-Only PICS-Label Position Pragma Prefer Preference-Applied Priority
    ProfileObject Protocol Protocol-Info Protocol-Query Protocol-Request Proxy-Status Public
    Public-Key-Pins Public-Key-Pins-Report-Only Range Redirect-Ref Referrer-Policy Refresh
    Repeatability-Client-ID Repeatability-First-Sent Repeatability-Request-ID
    Repeatability-Result Replay-Nonce Report-To Reporting-Endpoints Repr-Digest
    Require-Document-Policy Retry-After Safe Schedule-Reply Schedule-Tag Sec-GPC Sec-Purpose
    Sec-Session-Challenge Sec-Session-Registration Security-Scheme Server Server-Timing
    Service-Worker-Allowed Set-Login SetProfile Signature Signature-Input
    SLUG SoapAction SourceMap Speculation-Rules Status-URI Strict-Transport-Security Sunset
    Supports-Loading-Mode TCN Timeout Timing-Allow-Origin Topic TTL
    Urgency URI Use-As-Dictionary User-Agent Variant-Vary Vary Want-Content-Digest Want-Digest
    Want-Repr-Digest Warning WWW-Authenticate X-Content-Type-Options X-DNS-Prefetch-Control
    X-Frame-Options X-SourceMap X-Varnish X-XSS-Protection`,
  framing: `Content-Length Host Transfer-Encoding`,
  hop_by_hop: `ALPN Alt-Used C-Ext C-Man C-Opt C-PEP C-PEP-Info Capsule-Protocol Close Connection
    HTTP2-Settings Keep-Alive Proxy-Authenticate Proxy-Authentication-Info Proxy-Authorization
    Sec-Token-Binding TE Trailer Upgrade`,
  never: `Available-Dictionary Dictionary-ID Expect Sec-WebSocket-Accept Sec-WebSocket-Extensions
    Sec-WebSocket-Key Sec-WebSocket-Protocol Sec-WebSocket-Version Set-Cookie Set-Cookie2
    Traceparent Tracestate`,
  when_signed: `CDN-Loop Client-Cert Client-Cert-Chain Concealed-Auth-Export Cookie Cookie2 Forwarded Origin
    Ping-From Ping-To Proxy-Features Proxy-Instruction Referer Referer-Root
    Sec-Fetch-Storage-Access Surrogate-Capability Surrogate-Control Surrogate-Key Via
    X-Accel-Buffering X-Accel-Charset X-Accel-Expires X-Accel-Limit-Rate X-Accel-Redirect
    X-Envoy-Decorator-Operation X-Envoy-Immediate-Health-Check-Fail X-Envoy-Ratelimited
    X-LIGHTTPD-Send-File X-LiteSpeed-Cache-Control X-LiteSpeed-Purge X-LiteSpeed-Tag
    X-Reproxy-URL X-Sendfile X-Sendfile2`,
} as const;

/** The names in a class. */
export function namesIn(names: string): string[] {
  return names.split(/\s+/);
}
