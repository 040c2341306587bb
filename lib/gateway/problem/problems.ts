import type { SignatureErrorCode } from "../../signing/verify.ts";

/** Every reason for which the gateway refuses or fails. A program can switch on it. */
export type ProblemCode = SignatureErrorCode | GatewayErrorCode;

type GatewayErrorCode =
  | "access_denied"
  | "body_too_large"
  | "body_unexpected"
  | "draining"
  | "headers_too_large"
  | "internal_error"
  | "method_not_allowed"
  | "path_ambiguous"
  | "request_malformed"
  | "request_timeout"
  | "route_unknown"
  | "target_not_allowed"
  | "too_many_connections"
  | "unverified_limit"
  | "upstream_broken"
  | "upstream_timeout"
  | "upstream_unreachable"
  | "url_too_long";

/** What the client is told: a status, a title and a detail that never vary with the request. */
export interface Problem {
  status: number;
  title: string;
  detail: string;
}

const refused = (detail: string): Problem => ({
  status: 400,
  title: "The signed URL was refused",
  detail,
});

/** The closed table of problems. The table in `README.md` is held against it by a test. */
export const PROBLEMS: Readonly<Record<ProblemCode, Problem>> = {
  signature_missing: refused("The request is not signed: it has no X-Sw-Signature."),
  parameter_missing: refused("A parameter of the signed URL is missing."),
  parameter_repeated: refused("A parameter of the signed URL appears twice."),
  parameter_unknown: refused("The URL has an X-Sw parameter that the protocol does not know."),
  parameter_malformed: refused("A parameter of the signed URL is malformed."),
  algorithm_unknown: refused("X-Sw-Algorithm must be SW1-HMAC-SHA256."),
  date_malformed: refused("X-Sw-Date must be a UTC moment of the form YYYYMMDDTHHMMSSZ."),
  date_in_future: refused(
    "The URL was signed in the future: compare signed_at with now, and check the signer's clock.",
  ),
  scope_mismatch: refused("The day in X-Sw-Credential is not the day of X-Sw-Date."),
  expires_malformed: refused("X-Sw-Expires must be a plain decimal number of seconds."),
  expires_too_long: refused("The URL's life exceeds the maximum that this gateway allows."),
  expired: refused(
    "The URL has expired: ask for a fresh one. If it is fresh, compare signed_at with now, and check the signer's clock.",
  ),
  signed_header_missing: refused("The request lacks a header that was signed; `header` names it."),
  signature_mismatch: refused(
    "The signature does not match: the method, path, a signed header, the body or the secret differs from what was signed. `signway explain` helps to find out which.",
  ),
  target_invalid: refused("X-Sw-Proxy must be an absolute http or https URL without user info."),
  app_unknown: {
    status: 401,
    title: "Unknown app",
    detail: "No app has the id that X-Sw-Credential names.",
  },
  access_denied: {
    status: 401,
    title: "Access denied",
    detail: "API Access Denied. Signature is not valid.",
  },
  path_ambiguous: {
    status: 400,
    title: "Ambiguous path",
    detail: "Servers read this path in different ways that lead to different routes.",
  },
  route_unknown: {
    status: 404,
    title: "No such route",
    detail: "The request is no signed URL, and no route has its path.",
  },
  target_not_allowed: {
    status: 403,
    title: "Target not allowed",
    detail: "This app may not call the target that was signed.",
  },
  request_malformed: {
    status: 400,
    title: "Malformed request",
    detail:
      "The Host header, the request target, the encoding of the path or the Connection header is malformed, or the body is cut short or not of the declared length.",
  },
  body_unexpected: {
    status: 400,
    title: "Unexpected body",
    detail: "A GET or HEAD request cannot carry a body through this gateway.",
  },
  method_not_allowed: {
    status: 405,
    title: "Method not allowed",
    detail: "The method is none of GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS.",
  },
  request_timeout: {
    status: 408,
    title: "Request timeout",
    detail: "The request's body stalled for too long, or came too slowly.",
  },
  body_too_large: {
    status: 413,
    title: "Body too large",
    detail:
      "The body exceeds the limit of its app, route or upstream, or, if it is signed, the limit on signed bodies.",
  },
  url_too_long: {
    status: 414,
    title: "URL too long",
    detail: "The URL exceeds 15360 characters.",
  },
  headers_too_large: {
    status: 431,
    title: "Too many headers",
    detail: "The request has more than 128 header fields.",
  },
  internal_error: {
    status: 500,
    title: "Internal error",
    detail: "The gateway failed. The request id leads to the reason in its log.",
  },
  upstream_unreachable: {
    status: 502,
    title: "Upstream unreachable",
    detail: "No connection to the upstream could be made.",
  },
  upstream_broken: {
    status: 502,
    title: "Upstream broken",
    detail: "The upstream closed the connection early or did not answer in valid HTTP.",
  },
  draining: {
    status: 503,
    title: "Shutting down",
    detail: "The gateway is shutting down: try again.",
  },
  too_many_connections: {
    status: 503,
    title: "Too many connections",
    detail: "As many exchanges as are allowed are under way: try again.",
  },
  unverified_limit: {
    status: 503,
    title: "Too many unverified bodies",
    detail: "Bodies that are not verified yet take all the memory that they may: try again.",
  },
  upstream_timeout: {
    status: 504,
    title: "Upstream timeout",
    detail: "The upstream did not answer in time.",
  },
};
