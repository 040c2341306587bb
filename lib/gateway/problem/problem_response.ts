import { METHODS } from "../model/methods.ts";
import { documentationOf } from "./documentation.ts";
import { type ProblemCode, PROBLEMS } from "./problems.ts";

/**
 * Creates the response for a problem: `application/problem+json` (RFC 9457) with the code, the request id
 * and the page that documents the code as extension members.
 *
 * @param code the code of the problem
 * @param requestId the id of the request in the log
 * @param extra further extension members, such as the canonical request. Default: none
 */
export function problemResponse(
  code: ProblemCode,
  requestId: string,
  extra: Readonly<Record<string, string>> = {},
): Response {
  const { status, title, detail } = PROBLEMS[code];
  const type = `urn:signway:problem:${code}`;
  const documentation = documentationOf(code);
  const document = { type, title, status, detail, code, request_id: requestId, documentation };
  const headers = new Headers({
    "Content-Type": "application/problem+json",
    // No upstream can send this header, so it shows that the gateway refused the request.
    "X-Sw-Problem": code,
  });
  if (status === 405) headers.set("Allow", METHODS.join(", "));
  if (status === 503) {
    headers.set("Retry-After", "1");
    // A client that still sends its body would get a reset before it has read the response to unverified_limit.
    if (code !== "unverified_limit") headers.set("Connection", "close");
  }
  return new Response(JSON.stringify({ ...document, ...extra }) + "\n", { status, headers });
}
