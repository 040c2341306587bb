import { expect, test } from "bun:test";
import { bodyLimit } from "../../../../lib/gateway/model/body_limit.ts";

const url = new URL("https://api.example.com/");

test.each<[ofGrant: number | undefined, ofRule: number | undefined, limit: number]>([
  [undefined, undefined, Infinity],
  [8, undefined, 8],
  [undefined, 9, 9],
  [8, 9, 8],
  [9, 8, 8],
  [0, 8, 0],
])("bodyLimit: %p of the grant and %p of the rule are %p", (ofGrant, ofRule, limit) => {
  const permits = ofGrant === undefined ? {} : { maxBody: ofGrant };
  const rule = { url, headers: [], ...(ofRule !== undefined && { maxBody: ofRule }) };
  const grant = {
    principal: { id: "an-app", upstreams: [rule] },
    credential: { scheme: "none" as const },
    permits,
    target: url,
    coveredHeaders: [],
  };
  expect(bodyLimit({ grant, target: { url, rule } })).toBe(limit);
});
