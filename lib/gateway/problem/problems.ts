import type { SignatureErrorCode } from "../../signing/verify.ts";
import type { Problem } from "./problem.ts";
import { LEDGER_PROBLEMS, type LedgerProblemCode } from "./ledger_problems.ts";
import { POLICY_PROBLEMS, type PolicyProblemCode } from "./policy_problems.ts";
import { TOKEN_PROBLEMS, type TokenProblemCode } from "./token_problems.ts";

/** The code of every refusal and failure. Programs can switch on it. */
export type ProblemCode =
  SignatureErrorCode | TokenProblemCode | PolicyProblemCode | LedgerProblemCode | GatewayErrorCode;

type GatewayErrorCode =
  | "access_denied"
  | "body_too_large"
  | "body_unexpected"
  | "credential_unavailable"
  | "draining"
  | "ended_by_operator"
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
  | "url_too_long"
  | "websocket_malformed"
  | "websocket_not_allowed"
  | "websocket_version_unsupported";

const refused = (detail: string): Problem => ({
  status: 400,
  title: "The signed URL was refused",
  detail,
});

/** The problem of each code. `docs/errors.md` is made from it. */
export const PROBLEMS: Readonly<Record<ProblemCode, Problem>> = {
  ...TOKEN_PROBLEMS,
  ...POLICY_PROBLEMS,
  ...LEDGER_PROBLEMS,
  signature_missing: refused(
    "The request has no access token of an app of this gateway, and X-Sw-Signature is missing or empty. Send the whole signed URL, or a token, unchanged: the `iss` of a JWT must be the id of an app, or the issuer of its key set.",
  ),
  parameter_missing: refused(
    "The signed URL lacks a required parameter; `parameter` names it. Send the whole URL, unchanged.",
  ),
  parameter_repeated: refused(
    "A parameter is in the signed URL more than once; `parameter` names it. Send the URL exactly as it was signed.",
  ),
  parameter_unknown: refused(
    "The URL has an X-Sw parameter that the protocol does not define. Names are case-sensitive. Send the URL exactly as it was signed.",
  ),
  parameter_malformed: refused(
    "A parameter of the signed URL is malformed or wrongly percent-encoded; `parameter` names it if possible. Send the URL exactly as it was signed.",
  ),
  algorithm_unknown: refused("X-Sw-Algorithm must be SW1-HMAC-SHA256."),
  date_malformed: refused("X-Sw-Date must be a valid UTC time in the format YYYYMMDDTHHMMSSZ."),
  date_in_future: refused(
    "X-Sw-Date is in the future. Compare `signed_at` with `now`, and check the clocks of the signer and the gateway.",
  ),
  scope_mismatch: refused("The date in X-Sw-Credential must be the UTC date of X-Sw-Date."),
  expires_malformed: refused(
    "X-Sw-Expires must be a whole number of seconds in decimal digits, without a sign or leading zeros.",
  ),
  expires_too_long: refused(
    "X-Sw-Expires exceeds the maximum of the gateway or the app. Sign the URL with a shorter lifetime.",
  ),
  expired: refused(
    "The URL has expired. Request a new one. If it is new, compare `signed_at` with `now`, and check the clocks of the signer and the gateway.",
  ),
  signed_header_missing: refused(
    "The request lacks a signed header; `header` names it. Send it with the value that was signed.",
  ),
  signature_mismatch: refused(
    "The signature does not match: the method, the URL, a signed header, the body or the secret differs from the one used for signing. `signway explain` helps to find the difference.",
  ),
  target_invalid: refused(
    "X-Sw-Proxy must be an absolute http or https URL, without user name and password, whose host and port have at most 259 characters.",
  ),
  app_unknown: {
    status: 401,
    title: "Unknown app",
    detail:
      "The gateway knows no app with the id in X-Sw-Credential. Check the id that the signer uses.",
  },
  access_denied: {
    status: 401,
    title: "Access denied",
    detail: "API Access Denied. Signature is not valid.",
  },
  ended_by_operator: {
    status: 403,
    title: "Ended by the operator",
    detail: "The operator of the gateway has ended this request.",
  },
  path_ambiguous: {
    status: 400,
    title: "Ambiguous path",
    detail:
      "Servers may read this path in different ways. Send it without empty segments, dot segments, backslashes, semicolons, and double or invalid percent-encoding.",
  },
  route_unknown: {
    status: 404,
    title: "No such route",
    detail:
      "The request is not a signed URL, and no route matches its path. Sign the URL, or correct the path.",
  },
  target_not_allowed: {
    status: 403,
    title: "Target not allowed",
    detail:
      "This app or route may not call this target with this method. Use an allowed target, or ask the operator to allow it.",
  },
  request_malformed: {
    status: 400,
    title: "Malformed request",
    detail:
      "The request is invalid. Its Host header or request target is malformed, its path or query is not percent-encoded UTF-8, its Connection header names a signed header, or its body is incomplete or longer than declared.",
  },
  body_unexpected: {
    status: 400,
    title: "Unexpected body",
    detail:
      "The gateway accepts no body with a GET or HEAD request. Remove the body, or use another method.",
  },
  method_not_allowed: {
    status: 405,
    title: "Method not allowed",
    detail: "The method must be GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.",
  },
  websocket_malformed: {
    status: 400,
    title: "Malformed WebSocket handshake",
    detail:
      "The handshake of a WebSocket needs a Sec-WebSocket-Key of 16 bytes in base64, and sub-protocols that are tokens and differ (RFC 6455, section 4.1).",
  },
  websocket_version_unsupported: {
    status: 426,
    title: "Unsupported WebSocket version",
    detail: "Sec-WebSocket-Version must be 13.",
  },
  websocket_not_allowed: {
    status: 403,
    title: "No WebSocket allowed",
    detail:
      "The operator does not allow WebSockets to this target. Ask the operator to set websocket = true for the route or upstream.",
  },
  request_timeout: {
    status: 408,
    title: "Request timeout",
    detail:
      "The request body stalled, arrived too slowly, or did not arrive within the time limit of the signed URL or the gateway. Try again.",
  },
  body_too_large: {
    status: 413,
    title: "Body too large",
    detail:
      "The request body exceeds the limit of the app, route or upstream, or the limit on signed bodies. Send a smaller body.",
  },
  url_too_long: {
    status: 414,
    title: "URL too long",
    detail: "The URL must not be longer than 15360 characters.",
  },
  headers_too_large: {
    status: 431,
    title: "Too many headers",
    detail: "The request must not have more than 128 header fields.",
  },
  internal_error: {
    status: 500,
    title: "Internal error",
    detail:
      "An unexpected error occurred in the gateway. Report the request id to the operator: the log has the cause under this id.",
  },
  credential_unavailable: {
    status: 502,
    title: "Credential unavailable",
    detail:
      "The gateway could not get the operator's credential for the upstream, so nothing was sent. Try again.",
  },
  upstream_unreachable: {
    status: 502,
    title: "Upstream unreachable",
    detail:
      "The gateway could not establish a connection to the upstream. Check the target, or try again later.",
  },
  upstream_broken: {
    status: 502,
    title: "Upstream failed",
    detail:
      "The upstream closed the connection early, sent an invalid response, or sent headers that are too large. Try again later.",
  },
  draining: {
    status: 503,
    title: "Shutting down",
    retryAfter: 1,
    detail: "The gateway is shutting down. Try again.",
  },
  too_many_connections: {
    status: 503,
    title: "Too many connections",
    retryAfter: 1,
    detail:
      "The gateway, app, route or upstream has reached its limit of concurrent requests. Try again later.",
  },
  unverified_limit: {
    status: 503,
    title: "Too many unverified bodies",
    retryAfter: 1,
    detail:
      "The memory for request bodies whose signatures are not verified yet is used up. Try again, and send the body without delay.",
  },
  upstream_timeout: {
    status: 504,
    title: "Upstream timeout",
    detail:
      "The upstream did not send its response in time, or the request took longer than the gateway allows. Try again later.",
  },
};
