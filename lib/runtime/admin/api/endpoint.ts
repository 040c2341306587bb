import type { z } from "zod";
import type { ApiSources } from "../sources.ts";

/** The input of an endpoint. */
export interface ApiInput {
  /** Valid, by the endpoint's schema. */
  query: Readonly<Record<string, string | undefined>>;
  /** Valid, by the endpoint's schema. */
  body: unknown;
  /** The last part of the path, where the endpoint has one. */
  id: string;
}

/** One endpoint of the admin API. */
export interface Endpoint {
  method: "GET" | "POST" | "DELETE";
  /** With `{id}` as its last part where the endpoint has one. */
  path: string;
  summary: string;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The status and the schema of a response that succeeds. */
  status: 200 | 201;
  response: z.ZodType;
  /** The errors beside those that every endpoint has. */
  errors?: readonly ApiErrorCode[];
  /** @throws ApiError */
  handle: (sources: ApiSources, input: ApiInput) => unknown;
}

/** The errors of the API, with their status and text. */
export const API_ERRORS = {
  request_malformed: [400, "The query or the body is not as the documentation says."],
  token_missing: [401, "Send the admin token as Authorization: Bearer, or log in."],
  token_wrong: [401, "The admin token is wrong."],
  origin_refused: [403, "Another origin must not use the API."],
  not_found: [404, "There is nothing here."],
  app_unknown: [404, "The gateway has no app or route with this id."],
  exchange_unknown: [404, "No open exchange has this id."],
  method_not_allowed: [405, "The method is not allowed here."],
  body_too_large: [413, "The body is too large."],
  media_type_unsupported: [415, "The body must be application/json."],
  too_many_tries: [429, "There were too many wrong tokens from this address. Try again later."],
  failed: [500, "The request failed."],
  ledger_unavailable: [503, "The store of the ledger cannot be reached. Try again later."],
  workers_silent: [503, "No worker responded, so nothing was done. Try again later."],
} as const satisfies Record<string, readonly [number, string]>;

/** Why the API does not do what it was asked. */
export type ApiErrorCode = keyof typeof API_ERRORS;

/** The error of a request to the API. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ApiErrorCode;
  readonly reason: string | undefined;

  /**
   * @param code the code in the response
   * @param reason where the mistake is; never a value of the request
   */
  constructor(code: ApiErrorCode, reason?: string) {
    super(code);
    this.code = code;
    this.reason = reason;
  }
}
