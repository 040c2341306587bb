/**
 * Signway as a library: the gateway as a function, and the signing of URLs and requests.
 */
export type { App } from "./gateway/model/app.ts";
export type { InjectedHeader, Limits, UpstreamRule } from "./gateway/model/rule.ts";
export type { ClientInfo } from "./gateway/inbound.ts";
export type { CorsPolicy } from "./gateway/model/cors_policy.ts";
export type { ExchangeRecord, Outcome } from "./gateway/record/exchange_record.ts";
export type { Handler } from "./gateway/handler.ts";
export type { ExchangeBytes, Hooks } from "./gateway/hooks.ts";
export { type ProblemCode, PROBLEMS } from "./gateway/problem/problems.ts";
export { createGateway, type GatewayOptions } from "./runtime/create_gateway.ts";
export * from "./signing/explain.ts";
export * from "./signing/mod.ts";
export * from "./signing/verify.ts";
