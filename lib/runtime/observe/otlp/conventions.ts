import { unbracket } from "../../../gateway/admission/public_address.ts";
import type { ExchangeRecord } from "../../../gateway/record/exchange_record.ts";
import { portOf } from "../../http/port_of.ts";

/** The names of providers in the attribute `gen_ai.provider.name`. */
const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  openai: "openai",
  azure: "azure.ai.openai",
  anthropic: "anthropic",
  google: "gcp.gemini",
  vertex: "gcp.vertex_ai",
  bedrock: "aws.bedrock",
};

const METHODS: ReadonlySet<string> = new Set([
  ...["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"],
]);

/** The name of a provider in the conventions. */
export function providerName(provider: string): string {
  return PROVIDER_NAMES[provider] ?? provider;
}

/** A method, as the attribute `http.request.method` has it. */
export function methodName(method: string): string {
  return METHODS.has(method) ? method : "_OTHER";
}

/** The attribute `http.response.status_code`: absent when there was no response. */
export function statusCode(status: number | undefined): number | undefined {
  return status === undefined || status === 0 ? undefined : status;
}

/**
 * The attribute `error.type` of a span or metric of the server. A refusal is an error of the client, which is none of
 * the server's (https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status).
 *
 * @param record of the exchange
 * @returns the code of the problem, or else the status or the outcome; `undefined` when it has not failed
 */
export function serverError({
  status,
  code,
  outcome,
}: Pick<ExchangeRecord, "status" | "outcome"> & { code?: string | undefined }): string | undefined {
  if (status >= 500) return code ?? String(status);
  return FAILED.has(outcome) ? (code ?? outcome) : undefined;
}

/**
 * The attribute `error.type` of a span or metric of the call to the upstream.
 *
 * @param record of the exchange
 * @param status of the upstream's response; `undefined` when there was none
 * @returns `undefined` when the call has not failed
 */
export function clientError(
  record: ExchangeRecord,
  status: number | undefined,
): string | undefined {
  const { code, outcome } = record;
  if (status !== undefined && status >= 400) return String(status);
  if (FAILED.has(outcome) || status === undefined) return code ?? outcome;
  return undefined;
}

const FAILED: ReadonlySet<string> = new Set([
  ...["upstream_failed", "upstream_truncated", "gateway_stopped", "internal_error"],
]);

/** Where a URL leads, as `server.address` and `server.port`. */
export function serverOf(url: URL): { "server.address": string; "server.port": number } {
  return { "server.address": unbracket(url.hostname), "server.port": portOf(url) };
}
