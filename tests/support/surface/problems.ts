import { headerSignature } from "../header_signature.ts";
import { respond, RST } from "../raw_upstream.ts";
import { type Exchange, SIGNED_AT } from "./exchange.ts";

const without = (name: string) => (path: string) => path.replace(new RegExp(`&${name}=[^&]*`), "");
const replaced = (name: string, value: string) => (path: string) =>
  path.replace(new RegExp(`(&${name}=)[^&]*`), `$1${value}`);

/** Exchanges with signed URLs that are refused, each with the code of its problem as its title. */
export const REFUSED: readonly Exchange[] = [
  { title: "signature_missing", change: without("X-Sw-Signature") },
  { title: "parameter_missing", change: without("X-Sw-Date") },
  { title: "parameter_repeated", change: (path) => `${path}&X-Sw-Body=false` },
  { title: "parameter_unknown", change: (path) => `${path}&X-Sw-Other=1` },
  { title: "parameter_malformed", change: replaced("X-Sw-Body", "maybe") },
  {
    title: "algorithm_unknown",
    change: (path) => path.replace("X-Sw-Algorithm=SW1-HMAC-SHA256", "X-Sw-Algorithm=SW2"),
  },
  { title: "date_malformed", change: replaced("X-Sw-Date", "yesterday") },
  { title: "date_in_future", sign: { now: new Date("2099-01-01T00:00:00Z") } },
  { title: "scope_mismatch", change: replaced("X-Sw-Credential", "test-app%2F20250102") },
  { title: "expires_malformed", change: replaced("X-Sw-Expires", "soon") },
  { title: "expires_too_long", change: replaced("X-Sw-Expires", "315360001") },
  { title: "expires_too_long for the app", sign: { id: "brief" } },
  { title: "expired", sign: { expires: 60 } },
  { title: "signed_header_missing", sign: { headers: { "x-a": "1" } } },
  { title: "signature_mismatch", sign: { secret: "another secret, of 32 bytes or so" } },
  { title: "target_invalid", target: "ftp://api.example/" },
  { title: "target_invalid with user info", target: "http://user@api.example/" },
  { title: "app_unknown", sign: { id: "nobody" } },
  { title: "target_not_allowed", target: "http://127.0.0.1:2/" },
  {
    title: "target_not_allowed for a private name",
    target: "http://a.internal/",
    sign: { id: "any" },
  },
  { title: "request_malformed", headers: ["Host: a/b"] },
  {
    title: "request_malformed for a nominated header",
    sign: { headers: { "x-a": "1" } },
    headers: ["X-A: 1", "Connection: X-A"],
  },
  { title: "body_unexpected", body: "hello" },
  { title: "method_not_allowed", method: "TRACE" },
  { title: "request_timeout", method: "POST", headers: ["Content-Length: 9"], body: "hello" },
  {
    title: "body_too_large",
    method: "POST",
    body: "x".repeat(1001),
    sign: { body: "x".repeat(1001), headers: { "content-length": "1001" } },
  },
  { title: "body_too_large for the app", method: "POST", body: "hello", sign: { id: "small" } },
  { title: "url_too_long", change: (path) => `${path}&a=${"x".repeat(15_360)}` },
  {
    title: "headers_too_large",
    headers: Array.from({ length: 129 }, (_, number) => `X-${number}: 1`),
  },
  { title: "upstream_unreachable", target: "http://127.0.0.1:1/" },
  { title: "upstream_broken", steps: [RST] },
  { title: "upstream_broken by its status", steps: [respond("", { status: "999 Odd" })] },
  {
    title: "upstream_broken by its headers",
    steps: [respond("", { headers: [`X-Long: ${"x".repeat(8000)}`, ...long(5)] })],
  },
  { title: "upstream_timeout", steps: [] },
];

function long(count: number): string[] {
  return Array.from({ length: count }, (_, number) => `X-Long-${number}: ${"x".repeat(8000)}`);
}

const SIGNED_PATH = (path: string, method = "GET") =>
  `Signature: ${headerSignature([path, method])}`;

/** Exchanges under routes; those that are refused have the code of their problem as their title. */
export const ROUTED: readonly Exchange[] = [
  { title: "a route", path: "/signed/a?b=c", headers: [SIGNED_PATH("/signed/a")] },
  {
    title: "a route with a body",
    method: "POST",
    path: "/signed/a",
    headers: [SIGNED_PATH("/signed/a", "POST"), "X-Forwarded-For: 192.0.2.1"],
    body: "hello",
  },
  { title: "an open route", path: "/open/a", headers: ["Origin: https://app.example"] },
  { title: "access_denied", path: "/signed/a" },
  {
    title: "access_denied for another path",
    path: "/signed/b",
    headers: [SIGNED_PATH("/signed/a")],
  },
  {
    title: "access_denied for an old signature",
    path: "/dated/a",
    headers: [
      `X-Time: ${SIGNED_AT.toISOString()}`,
      `Signature: ${headerSignature(["/dated/a", SIGNED_AT.toISOString()])}`,
    ],
  },
  { title: "path_ambiguous", path: "/open/..%2fsigned/a" },
  { title: "route_unknown", path: "/nothing" },
  { title: "target_not_allowed for a method", method: "DELETE", path: "/open/a" },
  {
    title: "a preflight for a route",
    method: "OPTIONS",
    path: "/open/a",
    headers: ["Origin: https://app.example", "Access-Control-Request-Method: POST"],
  },
  { title: "a signed URL beside routes" },
];

/** Exchanges whose signature does not match, for a gateway that explains why. */
export const EXPLAINED: readonly Exchange[] = [
  { title: "another secret", sign: { secret: "another secret, of 32 bytes or so" } },
  { title: "another method", method: "PUT", sign: { method: "POST" } },
  {
    title: "another body",
    method: "POST",
    body: "other",
    sign: { body: "hello", headers: { "content-length": "5" } },
  },
  { title: "another header", sign: { headers: { "x-a": "1" } }, headers: ["X-A: 2"] },
  { title: "another target", change: (path: string) => path.replace("v1", "v2") },
  { title: "a target that was decoded", change: (path: string) => path.replace("%3A", ":") },
].map((exchange) => ({
  ...exchange,
  // The usual life: one that is too long would be the first mistake of all.
  sign: { now: new Date(), expires: 300, ...exchange.sign },
}));
