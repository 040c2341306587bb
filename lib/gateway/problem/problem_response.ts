import { METHODS } from "../model/methods.ts";
import { documentationOf } from "./documentation.ts";
import { googleMembers } from "./google_error.ts";
import type { Problem } from "./problem.ts";
import { type ProblemCode, PROBLEMS } from "./problems.ts";
import { TOKEN_PROBLEMS } from "./token_problems.ts";

/** The variable part of a problem document. */
export interface ProblemContext {
  /** The id under which the log has the request. */
  requestId: string;
  /** Replaces the detail of the table. Default: that of the table. */
  detail?: string | undefined;
  /** The field at fault. Default: none. */
  param?: string | undefined;
  /** Whether the request was for an API of Google, whose errors have another form. Default: false. */
  isForGoogle?: boolean;
  /** The time after which a retry may succeed, in milliseconds. Default: that of the table, if it has one. */
  retryAfterMs?: number | undefined;
  /** Further headers, such as `RateLimit`. Default: none. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Further members, such as the canonical request for the development of a signer. Default: none. */
  extra?: Readonly<Record<string, string>>;
}

/**
 * Creates the response for a problem: `application/problem+json` (RFC 9457) with the code, the request id
 * and the page that documents the code as extension members. The SDKs of LLM APIs read the member `error`
 * and the header `X-Should-Retry`.
 *
 * @param code the code of the problem
 * @param context the id of the request, and further members
 */
export function problemResponse(
  code: ProblemCode,
  {
    requestId,
    isForGoogle = false,
    extra = {},
    param,
    retryAfterMs,
    headers,
    detail = PROBLEMS[code].detail,
  }: ProblemContext,
): Response {
  const problem = PROBLEMS[code];
  const { status, title } = problem;
  const error = { type: errorType(status), code, message: detail, param: param ?? null };
  const document = {
    type: `urn:signway:problem:${code}`,
    title,
    status,
    detail,
    code,
    request_id: requestId,
    documentation: documentationOf(code),
    error: isForGoogle ? { ...error, ...googleMembers(code, status) } : error,
    ...extra,
  };
  return new Response(`${JSON.stringify(document)}\n`, {
    status,
    headers: headersOf(code, problem, { retryAfterMs, headers }),
  });
}

function headersOf(
  code: ProblemCode,
  problem: Problem,
  { retryAfterMs, headers: further }: Pick<ProblemContext, "retryAfterMs" | "headers">,
): Headers {
  const { status } = problem;
  const retryAfter = retryAfterMs === undefined ? problem.retryAfter : secondsOf(retryAfterMs);
  const headers = new Headers({
    ...further,
    "Content-Type": "application/problem+json",
    // No upstream can send this header, so it shows that the gateway refused the request.
    "X-Sw-Problem": code,
  });
  if (!isWorthRetrying(problem)) headers.set("X-Should-Retry", "false");
  // RFC 6750, section 3. The challenge of another scheme would make a browser ask for a password.
  if (status === 401 && code in TOKEN_PROBLEMS) {
    headers.set("WWW-Authenticate", 'Bearer error="invalid_token"');
  }
  if (status === 405) headers.set("Allow", METHODS.join(", "));
  if (retryAfter !== undefined) headers.set("Retry-After", String(retryAfter));
  // The SDKs of LLM APIs read this one first.
  if (retryAfterMs !== undefined) headers.set("Retry-After-Ms", String(Math.ceil(retryAfterMs)));
  // A client that still sends its body would get a reset before it has read the response to unverified_limit.
  if (status === 503 && code !== "unverified_limit") headers.set("Connection", "close");
  return headers;
}

function secondsOf(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}

function isWorthRetrying({ status, isFinal }: Problem): boolean {
  return !isFinal && (status >= 500 || status === 408 || status === 429);
}

function errorType(status: number): string {
  if (status === 401) return "authentication_error";
  if (status === 403) return "permission_error";
  if (status === 429) return "rate_limit_error";
  return status < 500 ? "invalid_request_error" : "api_error";
}
