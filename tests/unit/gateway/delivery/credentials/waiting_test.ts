import { afterAll, describe, expect, test } from "bun:test";
import type { UpstreamRule } from "../../../../../lib/gateway/model/rule.ts";
import type { Endable } from "../../../../../lib/gateway/problem/endable.ts";
import { GatewayError } from "../../../../../lib/gateway/problem/gateway_error.ts";
import { connect } from "../../../../support/raw_client.ts";
import { respond } from "../../../../support/raw_upstream.ts";
import { requestBytes } from "../../../../support/signed.ts";
import { waitFor } from "../../../../support/wait_for.ts";
import type { CountedOptions } from "../counted_gateway.ts";
import { settledIn, Stages } from "../counted_stage.ts";

const stages = new Stages();

afterAll(() => stages[Symbol.asyncDispose]());

const KEYS = { accessKeyId: "a", secretAccessKey: "b" };

/** Rules whose credential comes when it is given. */
const RULES: [string, () => { rule: Partial<UpstreamRule>; give: () => void }][] = [
  [
    "a token",
    () => {
      const { promise, resolve } = Promise.withResolvers<string>();
      return { rule: { oauth: { token: () => promise } }, give: () => resolve("one") };
    },
  ],
  [
    "keys",
    () => {
      const { promise, resolve } = Promise.withResolvers<typeof KEYS>();
      const aws = { region: "eu-west-1", service: "s3", keys: () => promise };
      return { rule: { aws }, give: () => resolve(KEYS) };
    },
  ],
];

interface End {
  options?: Partial<CountedOptions>;
  /** Ends the exchange, when a timer does not. */
  end?: (exchange: Endable) => void;
  expected: { status: number; code: string };
}

const ENDS: [string, End][] = [
  [
    "the time for the head is over",
    {
      options: { delivery: { headTimeout: 0.1 } },
      expected: { status: 504, code: "upstream_timeout" },
    },
  ],
  [
    "the time for all is over",
    {
      options: { delivery: { maxDuration: 0.1 } },
      expected: { status: 504, code: "upstream_timeout" },
    },
  ],
  [
    "its caller is revoked",
    {
      end: (exchange) => exchange.end(new GatewayError("token_revoked", "a test")),
      expected: { status: 401, code: "token_revoked" },
    },
  ],
  [
    "an operator ends it",
    {
      end: (exchange) => exchange.end(new GatewayError("ended_by_operator")),
      expected: { status: 403, code: "ended_by_operator" },
    },
  ],
];

describe.each(RULES)("a request that waits for %s", (_, credential) => {
  test.each(ENDS)("ends when %s, and nothing is sent", async (__, { options, end, expected }) => {
    const { rule, give } = credential();
    const ends: Endable[] = [];
    const opened = { endWith: (it: Endable) => void ends.push(it) };
    const { gateway, upstream } = await stages.start([respond("{}")], { rule, opened, ...options });
    const response = gateway.handle(new Request(`${gateway.url}/v1/x`));
    await waitFor("the delivery", () => ends[0]);
    end?.(ends[0]!);
    expect((await response).status).toBe(expected.status);
    expect(await gateway.ended()).toMatchObject(expected);
    give();
    expect(upstream.requests).toEqual([]);
    expect(settledIn(gateway)).toEqual({});
  });

  test.each(["charge", "drain"] as const)("ends when its client leaves: %s", async (onAbort) => {
    const { rule, give } = credential();
    const { gateway, upstream } = await stages.start([respond("{}")], {
      rule: { ...rule, onAbort },
    });
    const client = await connect(Number(new URL(gateway.url).port));
    await client.write(requestBytes("GET", "/v1/x"));
    await waitFor("the delivery", () => gateway.transfers[0]);
    client.socket.destroy();
    expect(await gateway.ended()).toMatchObject({ status: 499, outcome: "client_gone" });
    give();
    expect(upstream.requests).toEqual([]);
    expect(settledIn(gateway)).toEqual({});
  });

  test("leaves the fetch to others that wait for it", async () => {
    const { rule, give } = credential();
    const { gateway, upstream } = await stages.start([respond("{}")], { rule });
    const leaving = new AbortController();
    const { signal } = leaving;
    const left = gateway.handle(new Request(`${gateway.url}/v1/x`, { signal }));
    const other = gateway.handle(new Request(`${gateway.url}/v1/y`));
    await waitFor("both", () => gateway.transfers[1]);
    leaving.abort();
    expect((await left).status).not.toBe(200);
    give();
    expect((await other).status).toBe(200);
    expect(upstream.requests).toHaveLength(1);
  });
});
