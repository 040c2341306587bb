import type { ProblemCode } from "./problems.ts";

// https://cloud.google.com/apis/design/errors: the codes of google.rpc by the status of HTTP.
const STATUSES: Readonly<Record<number, string>> = {
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  408: "DEADLINE_EXCEEDED",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  504: "DEADLINE_EXCEEDED",
};

/**
 * Returns the members of an error that Google's APIs have. Clients of these APIs read no error without a
 * number as its `code`; the code of the problem is the `reason`.
 *
 * @param code the code of the problem
 * @param status of the response
 */
export function googleMembers(code: ProblemCode, status: number): Record<string, unknown> {
  return {
    code: status,
    status: STATUSES[status] ?? (status < 500 ? "INVALID_ARGUMENT" : "UNAVAILABLE"),
    details: [
      { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: code, domain: "signway" },
    ],
  };
}
