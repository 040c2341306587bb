import { expect, test } from "bun:test";
import { createGateway, type UpstreamRule } from "../../../lib/mod.ts";

const findApp = () => undefined;

test("settings of a rule are no options of createGateway: the types refuse them", () => {
  const rule: UpstreamRule = { headers: [], keepCookies: true, allowPrivate: true };
  const gateways = [
    // @ts-expect-error It belongs to a rule.
    createGateway({ findApp, keepCookies: true }),
    // @ts-expect-error It belongs to a rule.
    createGateway({ findApp, allowPrivate: true }),
    createGateway({ findApp: (id) => ({ id, secrets: ["a secret"], upstreams: [rule] }) }),
  ];
  expect(gateways.map((gateway) => typeof gateway)).toEqual(["function", "function", "function"]);
});
