import { METHODS } from "../model/methods.ts";
import { documentationOf } from "./documentation.ts";
import { googleMembers } from "./google_error.ts";
import { type ProblemCode, PROBLEMS } from "./problems.ts";
import { TOKEN_PROBLEMS } from "./token_problems.ts";

/** The variable part of a problem document. */
export interface ProblemContext {
  /** The id under which the log has the request. */
  requestId: string;
  /** Whether the request was for an API of Google, whose errors have another form. Default: false. */
  isForGoogle?: boolean;
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
  { requestId, isForGoogle = false, extra = {} }: ProblemContext,
): Response {
  const { status, title, detail } = PROBLEMS[code];
  const error = { type: errorType(status), code, message: detail, param: null };
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
    headers: headersOf(code, status),
  });
}

function headersOf(code: ProblemCode, status: number): Headers {
  const headers = new Headers({
    "Content-Type": "application/problem+json",
    // No upstream can send this header, so it shows that the gateway refused the request.
    "X-Sw-Problem": code,
  });
  if (!isWorthRetrying(code, status)) headers.set("X-Should-Retry", "false");
  // RFC 6750, section 3. The challenge of another scheme would make a browser ask for a password.
  if (status === 401 && code in TOKEN_PROBLEMS) {
    headers.set("WWW-Authenticate", 'Bearer error="invalid_token"');
  }
  if (status === 405) headers.set("Allow", METHODS.join(", "));
  if (status === 503) {
    headers.set("Retry-After", code === "keys_unavailable" ? "5" : "1");
    // A client that still sends its body would get a reset before it has read the response to unverified_limit.
    if (code !== "unverified_limit") headers.set("Connection", "close");
  }
  return headers;
}

function isWorthRetrying(code: ProblemCode, status: number): boolean {
  if (code === "redirect_refused" || code === "credential_refused") return false;
  return status >= 500 || status === 408 || status === 429;
}

function errorType(status: number): string {
  if (status === 401) return "authentication_error";
  if (status === 403) return "permission_error";
  if (status === 429) return "rate_limit_error";
  return status < 500 ? "invalid_request_error" : "api_error";
}
