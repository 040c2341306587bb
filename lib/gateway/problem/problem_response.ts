import { METHODS } from "../model/methods.ts";
import { documentationOf } from "./documentation.ts";
import { type ProblemCode, PROBLEMS } from "./problems.ts";

/**
 * A problem as a response: `application/problem+json` of RFC 9457, with the code, the request id and
 * the page that documents the code as extension members.
 *
 * @param code what went wrong
 * @param requestId how the log calls this request
 * @param extra further members, such as the canonical request for the development of a signer
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
    // Only the gateway can send it, so that a client knows who refused.
    "X-Sw-Problem": code,
  });
  if (status === 405) headers.set("Allow", METHODS.join(", "));
  if (status === 503) {
    headers.set("Retry-After", "1");
    // A client that still sends its body would be reset before it has read this.
    if (code !== "unverified_limit") headers.set("Connection", "close");
  }
  return new Response(JSON.stringify({ ...document, ...extra }) + "\n", { status, headers });
}
