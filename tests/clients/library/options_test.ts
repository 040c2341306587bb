import { describe, expect, test } from "bun:test";
import {
  createGateway,
  type GatewayOptions,
  signUrl,
  type UpstreamRule,
} from "../../../lib/mod.ts";

const findApp = () => undefined;
const sources = { findApp };

test("settings of a rule are no options of createGateway: the types refuse them", () => {
  const rule: UpstreamRule = { headers: [], keepCookies: true, allowPrivate: true };
  const app = { id: "web", secrets: ["a secret"], upstreams: [rule] };
  // @ts-expect-error It belongs to a rule.
  expect(() => createGateway({ sources, keepCookies: true })).toThrow("keepCookies");
  // @ts-expect-error It belongs to a rule.
  expect(() => createGateway({ sources, limits: { allowPrivate: true } })).toThrow("allowPrivate");
  expect(createGateway({ sources: { findApp: () => app } })).toBeFunction();
});

const call = createGateway as (options: unknown) => unknown;

describe("a program without types is told every mistake, and its place", () => {
  test.each<[string, unknown, string]>([
    ["nothing", undefined, "options must be an object"],
    ["no sources", {}, "sources must be an object"],
    ["no findApp", { sources: {} }, "sources.findApp must be a function"],
    ["the options without their groups", { findApp }, "sources must be an object; findApp is not"],
    [
      "a misspelled limit",
      { sources, limits: { maxConnection: 1 } },
      "limits.maxConnection is not an option",
    ],
    [
      "a part that no program may replace",
      { sources, fetchUpstream: findApp },
      "fetchUpstream is not an option",
    ],
    [
      "limits that are no numbers",
      { sources, limits: { maxExpires: "60", idleTimeout: -1, maxDuration: NaN } },
      "limits.maxExpires must be a number, 0 or more; limits.idleTimeout must be a number, 0 or more",
    ],
    ["a hook that is no function", { sources, hooks: { onRequest: 1 } }, "hooks.onRequest must be"],
    [
      "a hook among the observers",
      { sources, observers: { onRequest: findApp } },
      "observers.onRequest is not an option",
    ],
    ["routes that are no list", { sources: { findApp, routes: {} } }, "sources.routes must be"],
    ["a switch that is a text", { sources, explain: "no" }, "explain must be true or false"],
    ["a path that is no text", { sources, publicPath: 1 }, "publicPath must be a string"],
  ])("%s", (_, options, message) => {
    expect(() => call(options)).toThrow(TypeError);
    expect(() => call(options)).toThrow(`createGateway: ${message}`);
  });

  test("no value is quoted, since it may be a secret", () => {
    const options = { sources: { findApp: "canary", secret: "canary" }, limits: "canary" };
    expect(() => call(options)).toThrow(
      /^(?!.*canary)createGateway: .*sources\.secret is not an option/,
    );
  });
});

test("an option that is undefined has its default", async () => {
  const app = { id: "web", secrets: ["a secret"], upstreams: [] };
  const limits = { maxExpires: undefined, maxSignedBody: undefined, maxConnections: undefined };
  const gateway = createGateway({
    sources: { findApp: () => app, routes: undefined, isSecret: undefined },
    limits,
    hooks: undefined,
    observers: { onRecord: undefined, onError: undefined },
    cors: undefined,
    publicPath: undefined,
    explain: undefined,
  } as unknown as GatewayOptions);
  const url = await signUrl("https://api.example/", {
    gateway: "https://gateway.example",
    id: app.id,
    secret: "a secret",
    expires: 60,
  });
  const response = await gateway(new Request(url));
  expect(response.headers.get("x-sw-problem")).toBe("target_not_allowed");
});
