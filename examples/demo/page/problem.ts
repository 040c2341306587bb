import { APIError } from "openai";

/** A refusal, as the page shows it. */
export interface Problem {
  status: number;
  code: string;
  title: string;
  detail: string;
  request_id: string;
  /** Whether the gateway refused, and not the API behind it. */
  isGateways: boolean;
}

/**
 * Reads the error of the client: a problem document of the gateway, whose member `error` the client reads, or
 * an error of the API.
 *
 * @returns the refusal; undefined when nobody refused, and something else went wrong
 */
export function problemOf(thrown: unknown): Problem | undefined {
  if (!(thrown instanceof APIError) || thrown.status === undefined) return undefined;
  const { status, headers, code, error } = thrown;
  const isGateways = headers.has("x-sw-problem");
  return {
    status,
    code: code ?? "upstream",
    title: `${isGateways ? "The gateway" : "The API"} refused the request`,
    detail: (error as { message?: string } | undefined)?.message ?? "It gave no reason.",
    request_id: headers.get("x-sw-request-id") ?? "",
    isGateways,
  };
}
