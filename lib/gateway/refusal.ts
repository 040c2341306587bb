import { decodeForm, SignatureError, TokenError } from "../signing/verify.ts";
import type { InboundRequest } from "./inbound.ts";
import type { Principal } from "./model/app.ts";
import type { Phase } from "./model/phase.ts";
import { GatewayError, type GatewayErrorDetails } from "./problem/gateway_error.ts";
import { PolicyError } from "./problem/policy_error.ts";
import { problemResponse } from "./problem/problem_response.ts";
import type { ProblemCode } from "./problem/problems.ts";
import { jsonRpcError } from "./providers/mcp/refusal.ts";
import { OF_GOOGLE, type ProviderName, providerOf, providerOfRule } from "./providers/provider.ts";
import type { Exchange } from "./record/exchange.ts";
import type { Outcome } from "./record/exchange_record.ts";

/** Settings of {@link refusalResponse}. */
export interface RefusalOptions {
  /** Whether the response to a wrong signature contains the texts that the gateway computed. */
  explain: boolean;
  /** Receives an error that is no SignatureError, TokenError or GatewayError. */
  onError: (error: unknown, requestId: string) => void;
  phase: () => Phase;
  /**
   * Whether a text is one of the secrets. A signer that mixes up id and secret sends the secret as its
   * id, which the record must not contain. Default: no text is.
   */
  isSecret?: ((text: string) => boolean) | undefined;
}

/** A request that is refused. */
export interface RefusedRequest {
  inbound: InboundRequest;
  /** Receives the code and the outcome. */
  exchange: Exchange;
  /** The app or route that the request names, verified or not; `undefined` when it does not exist. */
  principal: Principal | undefined;
  /** Whether a slot for tokens holds a JWT, of this gateway or not. */
  hasJwt: () => boolean;
}

// The status that nginx logs for a client that left before its response. It is never sent.
const CLIENT_CLOSED_REQUEST = 499;

/**
 * Turns any error into a response, and ends the exchange.
 *
 * @param error a SignatureError, a TokenError, a GatewayError or an unexpected error
 * @param refused the request, its exchange, and the app or route that it names
 * @param options the details in the response, and the receiver of unexpected errors
 */
export function refusalResponse(
  error: unknown,
  refused: RefusedRequest,
  { explain, onError, phase, isSecret }: RefusalOptions,
): Response {
  const { exchange } = refused;
  const { requestId } = exchange;
  const code = codeOf(error);
  if (refused.inbound.request.signal.aborted) {
    exchange.headReady(CLIENT_CLOSED_REQUEST);
    exchange.end(phase() === "cutting" ? "gateway_stopped" : "client_gone");
    return problemResponse(code, { requestId });
  }
  const isOwn = error instanceof GatewayError;
  exchange.failed(code, (isOwn ? error.reason : undefined) ?? foreignToken(code, refused));
  if (code === "internal_error") onError(error, requestId);
  if (error instanceof SignatureError) recordClaim(error, refused, isSecret);
  if (error instanceof TokenError) recordTokenClaim(error, refused, isSecret);
  else if (isAboutToken(code) && refused.principal) {
    const target = isOwn ? error.details.upstream : undefined;
    exchange.claimed({ id: refused.principal.id, target, known: true });
  }
  const provider = providerFor(refused);
  const extra = { ...membersOf(error, explain), ...(provider === "anthropic" && ANTHROPIC) };
  const isForGoogle = OF_GOOGLE.includes(provider);
  const { detail, param } = error instanceof PolicyError ? error : NO_DETAILS;
  const { retryAfterMs, headers } = isOwn ? error.details : NO_DETAILS;
  const context = { requestId, isForGoogle, extra, detail, param, retryAfterMs, headers };
  const problem = problemResponse(code, context);
  const response = error instanceof PolicyError ? inFormOf(problem, error) : problem;
  exchange.headReady(response.status);
  exchange.end(outcomeOf(code));
  return response;
}

/** The response in the form that clients of MCP read, if the request is for an MCP server. */
function inFormOf(problem: Response, error: PolicyError): Response {
  const { code, detail: message, param, messageId } = error;
  if (messageId === undefined) return problem;
  const { status, headers } = problem;
  headers.set("Content-Type", "application/json");
  const document = jsonRpcError(messageId, { code, message, param });
  return new Response(`${JSON.stringify(document)}\n`, { status, headers });
}

const NO_DETAILS: Partial<Pick<PolicyError, "detail" | "param">> & GatewayErrorDetails = {};

const EXPECTED = [SignatureError, TokenError, GatewayError];

function codeOf(error: unknown): ProblemCode {
  const isExpected = EXPECTED.some((expected) => error instanceof expected);
  return isExpected ? (error as { code: ProblemCode }).code : "internal_error";
}

// The gateway refuses the response, or does not get what the upstream asks for. It does not refuse the request.
const OF_UPSTREAM: readonly ProblemCode[] = [
  "credential_refused",
  "credential_unavailable",
  "redirect_refused",
];

function outcomeOf(code: ProblemCode): Outcome {
  if (code === "internal_error") return code;
  const isOfUpstream = code.startsWith("upstream_") || OF_UPSTREAM.includes(code);
  return isOfUpstream ? "upstream_failed" : "refused";
}

function recordClaim(
  { code, details }: SignatureError,
  { exchange, principal }: RefusedRequest,
  isSecret: RefusalOptions["isSecret"],
): void {
  const { id, upstream: target } = details;
  const isAppKnown = principal !== undefined;
  const isSwapped = !isAppKnown && id !== undefined && holdsSecret(id, isSecret);
  exchange.claimed({ id: isSwapped ? undefined : id, target, known: isAppKnown });
  if (isSwapped) exchange.failed(code, "the credential contains a secret instead of the id");
  // The name of a header may be as long as the URL of the caller.
  const reason = details.parameter ?? details.header?.slice(0, 64);
  if (reason) exchange.failed(code, reason);
}

const TOKEN_CODES: readonly ProblemCode[] = [
  "address_not_granted",
  "origin_not_granted",
  "override_refused",
  "policy_unknown",
  "target_not_granted",
  "token_repeated",
  "token_revoked",
];

function isAboutToken(code: ProblemCode): boolean {
  return TOKEN_CODES.includes(code);
}

// What a request gets that has neither a signature nor a token of this gateway.
const UNCLAIMED: readonly ProblemCode[] = ["route_unknown", "signature_missing"];

/** The signer's mistake in a request that is nobody's: a token of nobody counts as none. */
function foreignToken(code: ProblemCode, { hasJwt }: RefusedRequest): string | undefined {
  if (!UNCLAIMED.includes(code) || !hasJwt()) return undefined;
  return "it has a JWT whose issuer or audience is unknown";
}

function recordTokenClaim(
  { code, details: { issuer, claim } }: TokenError,
  { exchange, principal }: RefusedRequest,
  isSecret: RefusalOptions["isSecret"],
): void {
  const id = principal?.id ?? issuer;
  if (id !== undefined && !holdsSecret(id, isSecret)) {
    exchange.claimed({ id, known: principal !== undefined });
  }
  if (claim !== undefined) exchange.failed(code, claim);
}

/** Anthropic's SDKs read no error from a document of another type. */
const ANTHROPIC = { type: "error" };

/** The provider of the API that the request names, so that its clients can read the refusal. */
function providerFor({ inbound, principal }: RefusedRequest): ProviderName | undefined {
  const host = namedHost(inbound);
  const rules = principal?.upstreams ?? [];
  const rule = rules.find(({ url }) => url?.host === host || url?.hostname === host);
  const known = rule ? providerOfRule(rule, rule.url) : providerOf(host);
  if (rule || known || host.includes(".")) return known;
  // A path without a host is one of the app's only API, or of a route.
  const [only, ...others] = new Set(rules.map((other) => providerOfRule(other, other.url)));
  return others.length === 0 ? only : undefined;
}

/** The host in the target of a signed URL, or in the path of another request. */
function namedHost(inbound: InboundRequest): string {
  try {
    const { path, query } = inbound.target;
    const [, proxied] = /(?:^|&)X-Sw-Proxy=([^&]*)/.exec(query) ?? [];
    const [, host = ""] =
      proxied === undefined
        ? (/^\/(?:(?:~|%7e)[^/]*\/)?([^/]*)/i.exec(path) ?? [])
        : (/^(?:http|ws)s?:\/\/([^/?#]*)/i.exec(decodeForm(proxied)) ?? []);
    return host.toLowerCase();
  } catch {
    return "";
  }
}

function holdsSecret(id: string, isSecret: RefusalOptions["isSecret"]): boolean {
  if (!isSecret) return false;
  return isSecret(id) || isSecret(id.trim()) || id.split(/[\s:;,=@|/]+/).some(isSecret);
}

/** The extension members of the problem document. */
function membersOf(error: unknown, explain: boolean): Record<string, string> {
  if (error instanceof SignatureError) return signatureMembers(error, explain);
  if (!explain) return {};
  if (error instanceof TokenError) return tokenMembers(error);
  // What an operator's policy expects is not told.
  const claim = error instanceof GatewayError ? error.details.claim : undefined;
  return claim === undefined ? {} : { claim };
}

function tokenMembers({ details: { claim, reason, times } }: TokenError): Record<string, string> {
  return {
    ...(claim !== undefined && { claim }),
    ...(reason !== undefined && { reason }),
    ...(times?.issuedAt !== undefined && { issued_at: formatMoment(times.issuedAt) }),
    ...(times?.notBefore !== undefined && { not_before: formatMoment(times.notBefore) }),
    ...(times && { expires_at: formatMoment(times.expiresAt), now: formatMoment(times.now) }),
  };
}

function signatureMembers({ details }: SignatureError, explain: boolean): Record<string, string> {
  const { parameter, header, times, canonicalRequest, stringToSign, mistake } = details;
  return {
    ...(parameter && { parameter }),
    ...(header && { header }),
    ...(times && {
      signed_at: formatMoment(times.signedAt),
      expired_at: formatMoment(times.expiredAt),
      now: formatMoment(times.now),
    }),
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

// The latest time that RFC 3339 can express. The time of a signer may be later.
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59);

/** RFC 3339, in UTC. */
function formatMoment(milliseconds: number): string {
  const moment = new Date(Math.min(milliseconds, LAST_MOMENT));
  return Number.isNaN(moment.getTime()) ? "unknown" : moment.toISOString();
}
