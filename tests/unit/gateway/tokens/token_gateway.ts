import { expect } from "bun:test";
import type { App } from "../../../../lib/gateway/model/app.ts";
import type { UpstreamRule } from "../../../../lib/gateway/model/rule.ts";
import { CREDENTIAL } from "../../../support/gateway.ts";
import { spellings } from "../../../support/leaks.ts";
import { type MintOptions, mint } from "../../../support/minted.ts";
import {
  type GatewayUnderTest,
  gatewayUnderTest,
  KEY as USUAL_KEY,
} from "../in_process_gateway.ts";
import type { UnderTestOptions } from "../in_process_gateway.ts";

/** The time at the gateway, in seconds since the epoch. */
export const NOW = 1_800_000_000;

/** The origin of the gateway. */
export const EDGE = "https://edge.example.net";

/** The origin of the upstream to which most tests go. */
export const ORIGIN = "https://api.example.com";

/** The key of {@link ruleFor}. */
export const KEY: string = USUAL_KEY[1];

/** A path of the gateway for which the test credential's app has a rule. */
export const PATH = "/api.example.com/v1/items";

/** Where {@link PATH} leads. */
export const ITEMS = "https://api.example.com/v1/items";

/** A token of the test credential's app, made at {@link NOW}. */
export const minted = (options: MintOptions = {}): string => mint({ now: NOW, ...options });

/** A token that grants something. */
export const grants = (sw: object, claims: Record<string, unknown> = {}): string =>
  minted({ claims: { ...claims, sw } });

/** A rule for an origin or a path, with a key that is its own. */
export const ruleFor = (url: string, key = KEY): App["upstreams"][number] => ({
  url: new URL(url),
  headers: [[USUAL_KEY[0], key]],
});

/** The app of the test credential with other settings. */
export const appWith = (settings: Partial<App> = {}): App => ({
  id: CREDENTIAL.id,
  secrets: [CREDENTIAL.secret],
  upstreams: [ruleFor("https://api.example.com/v1/")],
  ...settings,
});

/** A gateway with these apps, of which the clock shows {@link NOW}. */
export function gatewayOf(
  apps: readonly App[] = [appWith()],
  { sources, ...options }: UnderTestOptions = {},
): GatewayUnderTest {
  return gatewayUnderTest({
    now: () => NOW * 1000,
    ...options,
    sources: { findApp: (id) => apps.find((app) => app.id === id), ...sources },
  });
}

/** What an upstream answers. */
export interface Answer {
  status?: number;
  headers?: HeadersInit;
  body?: string;
}

/** A gateway behind which an upstream answers always the same. */
export function answering(
  { status = 200, headers = {}, body = "answer" }: Answer,
  rule: Partial<UpstreamRule> = {},
): GatewayUnderTest {
  const upstreams = [{ ...ruleFor(`${ORIGIN}/`), ...rule }];
  const content = [204, 304].includes(status) ? null : body;
  return gatewayOf([appWith({ upstreams })], {
    answer: () => new Response(content, { status, headers }),
  });
}

/** A request with the token as its bearer token. */
export function bearing(token: string, path = PATH, init: RequestInit = {}): Request {
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${token}`);
  return new Request(EDGE + path, { ...init, headers });
}

/** What a refused request got, once it is known that nothing else came of it. */
export async function refusalOf(
  gateway: GatewayUnderTest,
  request: Request,
  token: string,
): Promise<{ status: number; code: unknown; document: Record<string, unknown> }> {
  const { url, method } = request;
  const response = await gateway.send(request);
  const { status, headers } = response;
  const text = await response.text();
  expect(gateway.fetched).toEqual([]);
  expect(gateway.resolved).toEqual([]);
  expect(gateway.errors).toEqual([]);
  expect(headers.get("cache-control")).toBe("no-store");
  assertNowhere(token, [text, [...headers].join("\n"), JSON.stringify(gateway.records)]);
  if (method === "HEAD") return { status, code: headers.get("x-sw-problem"), document: {} };
  expect({ url, type: headers.get("content-type") }).toEqual({
    url,
    type: "application/problem+json",
  });
  const document = JSON.parse(text) as Record<string, unknown>;
  expect(headers.get("x-sw-problem")).toBe(String(document["code"]));
  return { status, code: document["code"], document };
}

/** Checks that a token, or a part of it that is worth something, stands in none of the texts. */
export function assertNowhere(token: string, texts: readonly string[]): void {
  for (const part of token.split(".").filter((piece) => piece.length >= 20)) {
    for (const spelling of spellings(part)) {
      for (const text of texts) expect(text).not.toContain(spelling);
    }
  }
}
