import { API_ERRORS, ApiError, type ApiErrorCode } from "./endpoint.ts";

/** The headers of every response of the API. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  // With `no-referrer`, a form of this page would name no origin.
  "Referrer-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/**
 * Makes a response of JSON.
 *
 * @param value plain data
 * @param status of the response
 */
export function jsonResponse(value: unknown, status: number): Response {
  const headers = { ...SECURITY_HEADERS, "Content-Type": "application/json" };
  return new Response(`${JSON.stringify(value)}\n`, { status, headers });
}

/**
 * Makes the response to a request that failed.
 *
 * @param error of the API; anything else is an internal one, of which nothing is told
 */
export function errorResponse(error: unknown): Response {
  const { code, reason } = apiErrorOf(error);
  const [status, detail] = API_ERRORS[code];
  const headers = new Headers({ ...SECURITY_HEADERS, "Content-Type": "application/problem+json" });
  if (status === 401) headers.set("WWW-Authenticate", "Bearer");
  if (code === "method_not_allowed" && reason !== undefined) headers.set("Allow", reason);
  if (code === "too_many_tries" && reason !== undefined) headers.set("Retry-After", reason);
  if (status === 503) headers.set("Retry-After", "5");
  const isDetail = code === "request_malformed" && reason !== undefined;
  const document = { status, code, detail: isDetail ? `${detail} ${reason}.` : detail };
  return new Response(`${JSON.stringify(document)}\n`, { status, headers });
}

function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const { code } = error as { code?: ApiErrorCode };
  return new ApiError(code === "ledger_unavailable" ? code : "failed");
}
