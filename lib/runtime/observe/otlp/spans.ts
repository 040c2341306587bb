import type { ExchangeRecord } from "../../../gateway/record/exchange_record.ts";
import { pathWithoutTokens } from "../../../gateway/record/path_without_tokens.ts";
import type { Trace } from "../../../gateway/record/trace.ts";
import type { TraceContext } from "../../../gateway/record/trace_context.ts";
import { type AttributeValue, keyValues, unixNano } from "./attributes.ts";
import {
  clientError,
  methodName,
  providerName,
  serverError,
  serverOf,
  statusCode,
} from "./conventions.ts";
import type { Message } from "./protobuf.ts";

/** An exchange that has ended. */
export interface EndedExchange {
  record: Readonly<ExchangeRecord>;
  trace: Trace;
  /** When it ended, in milliseconds since the epoch. */
  endedAt: number;
}

const SERVER = 2;
const CLIENT = 3;
const ERROR = 2;

// Whether a context is of another process is known (0x100), and it is (0x200).
const LOCAL = 0x100;
const REMOTE = 0x300;
const SAMPLED = 1;

/**
 * Makes the spans of an exchange, in the form of OTLP's JSON: one of the exchange, and one of the call to the upstream
 * below it, if there was one. They have no content, secret, subject or query.
 *
 * @param ended the exchange
 * @param scheme `http` or `https`, of the gateway
 */
export function spansOf(ended: EndedExchange, scheme: string): Message[] {
  const server = serverSpan(ended, scheme);
  return ended.trace.call ? [server, clientSpan(ended)] : [server];
}

function serverSpan({ record, trace, endedAt }: EndedExchange, scheme: string): Message {
  const { parent, link, route, path } = trace;
  const method = methodName(record.method);
  const error = serverError(record);
  return {
    traceId: trace.traceId,
    spanId: trace.serverSpanId,
    ...(parent && { parentSpanId: parent.spanId }),
    name: route === undefined ? method : `${method} ${route}`,
    kind: SERVER,
    startTimeUnixNano: unixNano(endedAt - record.durationMs),
    endTimeUnixNano: unixNano(endedAt),
    attributes: keyValues({
      "http.request.method": method,
      "url.scheme": scheme,
      "url.path": path === undefined ? undefined : pathWithoutTokens(path),
      "http.route": route,
      "http.response.status_code": statusCode(record.status),
      "error.type": error,
      "signway.request_id": record.requestId,
      // The id that an unverified request names may be anything.
      "signway.app": record.verifyMs === undefined ? undefined : record.app,
      "signway.rule": record.rule,
      "signway.outcome": record.outcome,
      "signway.code": record.code,
    }),
    ...(link && { links: [linkTo(link)] }),
    ...(error !== undefined && { status: { code: ERROR } }),
    flags: SAMPLED + (parent ? REMOTE : LOCAL),
  };
}

function linkTo({ traceId, spanId, isSampled }: TraceContext): Message {
  return { traceId, spanId, flags: (isSampled ? SAMPLED : 0) + REMOTE };
}

function clientSpan({ record, trace, endedAt }: EndedExchange): Message {
  const { url, sentMs, status } = trace.call!;
  const method = methodName(record.method);
  const error = clientError(record, status);
  return {
    traceId: trace.traceId,
    spanId: trace.clientSpanId,
    parentSpanId: trace.serverSpanId,
    name: modelName(trace) ?? method,
    kind: CLIENT,
    startTimeUnixNano: unixNano(endedAt - record.durationMs + sentMs),
    endTimeUnixNano: unixNano(endedAt),
    attributes: keyValues({
      "http.request.method": method,
      ...serverOf(url),
      // The record has it without the query, and without what may be a token.
      "url.full": record.upstream,
      "http.response.status_code": statusCode(status),
      "error.type": error,
      ...modelAttributes(record, trace),
    }),
    ...(error !== undefined && { status: { code: ERROR } }),
    flags: SAMPLED + LOCAL,
  };
}

function modelName({ model }: Trace): string | undefined {
  if (!model) return undefined;
  const { operation, model: name } = model;
  return name === undefined ? operation : `${operation} ${name}`;
}

function modelAttributes(
  record: Readonly<ExchangeRecord>,
  { model, finishReasons }: Trace,
): Record<string, AttributeValue> {
  if (!model) return {};
  return {
    "gen_ai.operation.name": model.operation,
    "gen_ai.provider.name": providerName(model.provider),
    "gen_ai.request.model": model.model,
    "gen_ai.response.model": record.model,
    "gen_ai.response.finish_reasons": finishReasons,
    "gen_ai.usage.input_tokens": record.inputTokens,
    "gen_ai.usage.output_tokens": record.outputTokens,
    "gen_ai.usage.cache_read.input_tokens": record.cachedTokens,
    "gen_ai.usage.reasoning.output_tokens": record.reasoningTokens,
  };
}
