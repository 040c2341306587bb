import { SignatureError } from "../signing/verify.ts";
import {
  type Exchange,
  type ExchangeRecord,
  type Outcome,
  withoutQuery,
} from "./record/exchange.ts";
import type { Phase } from "./model/phase.ts";
import { GatewayError } from "./problem/gateway_error.ts";
import type { ProblemCode } from "./problem/problems.ts";
import { problemResponse } from "./problem/problem_response.ts";

/** Settings of {@link refuse}. */
export interface RefuseOptions {
  /** Whether a signature that does not match is answered with what the gateway computed. */
  explain: boolean;
  /** Receives what nobody foresaw. */
  onError: (error: unknown, requestId: string) => void;
  phase: () => Phase;
}

// What nginx logs for a client that left before its answer; it is never sent.
const CLIENT_CLOSED_REQUEST = 499;

/**
 * Turns whatever was thrown into a response, and ends the exchange.
 *
 * @param error a SignatureError, a GatewayError or what nobody foresaw
 * @param request the inbound request
 * @param exchange told of the code and the end
 * @param options how much to say
 */
export function refuse(
  error: unknown,
  request: Request,
  exchange: Exchange,
  { explain, onError, phase }: RefuseOptions,
): Response {
  const { record } = exchange;
  const code = codeOf(error);
  if (request.signal.aborted) {
    exchange.markHead(CLIENT_CLOSED_REQUEST);
    exchange.end(phase() === "cutting" ? "gateway_stopped" : "client_gone");
    return problemResponse(code, record.request_id);
  }
  record.code = code;
  if (error instanceof GatewayError && error.message !== code) record.reason = error.message;
  if (code === "internal_error") onError(error, record.request_id);
  const extra = error instanceof SignatureError ? noteSignatureError(error, record, explain) : {};
  const response = problemResponse(code, record.request_id, extra);
  exchange.markHead(response.status);
  exchange.end(outcomeOf(code));
  return response;
}

function codeOf(error: unknown): ProblemCode {
  const known = error instanceof SignatureError || error instanceof GatewayError;
  return known ? error.code : "internal_error";
}

function outcomeOf(code: ProblemCode): Outcome {
  if (code === "internal_error") return code;
  return code.startsWith("upstream_") ? "upstream_failed" : "refused";
}

function noteSignatureError(
  { details }: SignatureError,
  record: ExchangeRecord,
  explain: boolean,
): Record<string, string> {
  if (details.id) record.app = details.id;
  if (details.upstream) record.upstream = withoutQuery(new URL(details.upstream));
  if (details.parameter) record.reason = details.parameter;
  const { parameter, canonicalRequest, stringToSign, mistake } = details;
  return {
    ...(parameter && { parameter }),
    ...(explain &&
      canonicalRequest !== undefined &&
      stringToSign !== undefined && {
        canonical_request: canonicalRequest,
        string_to_sign: stringToSign,
      }),
    ...(explain &&
      mistake && { mistake: mistake.code, remedy: `${mistake.sentence} ${mistake.remedy}` }),
  };
}
