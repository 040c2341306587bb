/**
 * Signway as a library: the gateway as a function, and the signing of URLs, tokens and requests.
 */
export type { App, TokenSettings } from "./gateway/model/app.ts";
export type { AccessTokens, OauthClient } from "./gateway/model/access_tokens.ts";
export type { AwsKeys, AwsSigning } from "./gateway/model/aws_signing.ts";
export type {
  InjectedHeader,
  InjectedParameter,
  Limits,
  UpstreamRule,
} from "./gateway/model/rule.ts";
export type { ClientInfo } from "./gateway/inbound.ts";
export type { CorsPolicy } from "./gateway/model/cors_policy.ts";
export type { ExchangeRecord, Outcome } from "./gateway/record/exchange_record.ts";
export type { Handler } from "./gateway/handler.ts";
export type { Hooks } from "./gateway/hooks.ts";
export type { ExchangeBytes } from "./gateway/record/bytes_observer.ts";
export type { Route, RouteSignature } from "./gateway/model/route.ts";
export { type ProblemCode, PROBLEMS } from "./gateway/problem/problems.ts";
export type { Ledger } from "./gateway/ledger/ledger.ts";
export { createGateway, createMemoryLedger } from "./runtime/create_gateway.ts";
export type {
  GatewayLimits,
  GatewayObservers,
  GatewayOptions,
  GatewaySources,
} from "./runtime/gateway_options.ts";
export * from "./signing/explain.ts";
export * from "./signing/mod.ts";
export * from "./signing/verify.ts";
