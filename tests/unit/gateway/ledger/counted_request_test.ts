import { describe, expect, test } from "bun:test";
import { countedRequest } from "../../../../lib/gateway/ledger/counted_request.ts";
import type { RequestBound } from "../../../../lib/gateway/model/bound.ts";
import { combineLimits, type CounterLimits } from "../../../../lib/gateway/model/counter_limits.ts";
import type { Admission, Credential } from "../../../../lib/gateway/model/grant.ts";
import { countsOf } from "../../../../lib/gateway/model/counts_of.ts";
import type { UpstreamRule } from "../../../../lib/gateway/model/rule.ts";

const TOKEN: Credential = {
  scheme: "token",
  id: "web",
  issuer: "https://id.example/",
  tokenId: "a/b",
  subject: "Ada",
  issuedAt: 1_000,
  expiresAt: 5_000,
};

interface Given {
  credential?: Credential;
  ofCredential?: readonly CounterLimits[];
  ofSubject?: CounterLimits;
  ofRule?: CounterLimits;
  ofApp?: CounterLimits;
  rule?: Partial<UpstreamRule>;
}

function admissionOf({ credential = TOKEN, ofCredential = [], ...given }: Given): Admission {
  const { ofSubject, ofRule, ofApp } = given;
  const url = new URL("https://api.example/v1/");
  const rule: UpstreamRule = { url, headers: [], ...(ofRule && { limits: ofRule }), ...given.rule };
  const limits = combineLimits(ofCredential);
  return {
    grant: {
      principal: {
        id: "web",
        upstreams: [rule],
        ...(ofApp && { limits: ofApp }),
        ...(ofSubject && { subjectLimits: ofSubject }),
      },
      credential,
      permits: { ...(limits && { limits }) },
      target: url,
      coveredHeaders: [],
    },
    target: { url, rule },
  };
}

const BOUND: RequestBound = {
  inputTokens: 100,
  multiplicity: 3,
  elastic: { least: 16, most: 800, isAsked: true },
  cost: { input: 12.5, perOutputToken: 0.5 },
};

const RATE = { count: 10, period: "s", burst: 1 } as const;

describe("countsOf", () => {
  const tokens: CounterLimits = { tokens: { limit: 1 } };
  const cost: CounterLimits = { cost: { limit: 1 }, uses: 1 };
  test.each<[what: string, given: Given, expected: object | undefined]>([
    ["nothing", {}, undefined],
    ["other limits", { ofCredential: [{ uses: 1 }], ofApp: { rate: RATE } }, undefined],
    ["tokens of a credential", { ofCredential: [tokens] }, { tokens: true, cost: false }],
    ["the cost of a subject", { ofSubject: cost }, { tokens: false, cost: true }],
    [
      "tokens of an app, the cost of a rule",
      { ofApp: tokens, ofRule: cost },
      { tokens: true, cost: true },
    ],
  ])("of %s", (_, given, expected) =>
    expect(countsOf(admissionOf(given))).toEqual(expected as never),
  );
});

describe("countedRequest", () => {
  test("is nothing without limits, whatever the bound", () => {
    expect(countedRequest(admissionOf({}), BOUND)).toBeUndefined();
    expect(countedRequest(admissionOf({ ofApp: {} }), undefined)).toBeUndefined();
  });

  test("lists the demands of credential, subject, rule and app, side by side", () => {
    const limits: CounterLimits = { uses: 1, rate: RATE, concurrent: 2, bytes: 3 };
    const admission = admissionOf({
      ofCredential: [limits],
      ofSubject: { uses: 4 },
      ofRule: { bytes: 5 },
      ofApp: { concurrent: 6 },
    });
    const scope = "t/https%3A%2F%2Fid.example%2F/a%2Fb";
    expect(countedRequest(admission, undefined)).toEqual({
      app: "web",
      demands: [
        { scope, counter: "rate", limit: RATE },
        { scope, counter: "uses", limit: 1 },
        { scope, counter: "concurrent", limit: 2 },
        { scope, counter: "bytes", limit: 3 },
        { scope: "u/Ada", counter: "uses", limit: 4 },
        { scope: "r/https%3A%2F%2Fapi.example%2Fv1%2F", counter: "bytes", limit: 5 },
        { scope: "a", counter: "concurrent", limit: 6 },
      ],
      credential: { issuedAt: 1_000, expiresAt: 5_000 },
    });
  });

  test("needs no times of a credential that does not count", () => {
    const request = countedRequest(admissionOf({ ofApp: { uses: 1 } }), undefined);
    expect(request).not.toHaveProperty("credential");
  });

  test("multiplies the output, and rounds the cost up", () => {
    const budgets: CounterLimits = {
      tokens: { limit: 1000, period: "day" },
      cost: { limit: 5000 },
    };
    expect(countedRequest(admissionOf({ ofApp: budgets }), BOUND)).toEqual({
      app: "web",
      demands: [
        { scope: "a", counter: "tokens", limit: 1000, period: "day", fixed: 100, unit: 3 },
        { scope: "a", counter: "cost", limit: 5000, fixed: 13, unit: 2 },
      ],
      elastic: BOUND.elastic!,
    });
  });

  test("takes the smallest of numbers, and each rate once", () => {
    const other = { ...RATE, burst: 2 };
    const ofCredential: CounterLimits[] = [
      { uses: 5, rate: RATE, tokens: { limit: 7 } },
      { uses: 3, rate: other, cost: { limit: 9 } },
      { concurrent: 2, rate: RATE, tokens: { limit: 8 }, cost: { limit: 6 } },
    ];
    const { demands } = countedRequest(admissionOf({ ofCredential }), BOUND)!;
    expect(demands.map(({ counter, limit }) => [counter, limit])).toEqual([
      ["rate", RATE],
      ["rate", other],
      ["uses", 3],
      ["concurrent", 2],
      ["tokens", 7],
      ["cost", 6],
    ]);
  });

  test("counts two rules for one URL apart", () => {
    const scopeOf = (methods?: string[]) => {
      const rule = methods ? { methods } : {};
      return countedRequest(admissionOf({ ofRule: { uses: 1 }, rule }), undefined)!.demands[0]!
        .scope;
    };
    expect(new Set([scopeOf(), scopeOf(["GET"]), scopeOf(["POST"])]).size).toBe(3);
  });

  test("counts a signed URL by its digest", () => {
    const credential: Credential = {
      scheme: "signed_url",
      digest: "ab",
      issuedAt: 1,
      expiresAt: 2,
    };
    const request = countedRequest(
      admissionOf({ credential, ofCredential: [{ uses: 1 }] }),
      undefined,
    );
    expect(request?.demands).toEqual([{ scope: "t//ab", counter: "uses", limit: 1 }]);
  });

  test("refuses a request without subject, and a model without price", () => {
    const { subject: _, ...nobody } = TOKEN;
    const admission = admissionOf({ credential: nobody, ofSubject: {} });
    expect(() => countedRequest(admission, undefined)).toThrow(
      expect.objectContaining({ code: "subject_required" }),
    );
    const { cost: __, ...rest } = BOUND;
    const unpriced = { ...rest, unpriced: "gpt-5-mnii" };
    expect(() => countedRequest(admissionOf({ ofApp: { cost: { limit: 1 } } }), unpriced)).toThrow(
      expect.objectContaining({ code: "price_unknown", reason: "the model gpt-5-mnii" }),
    );
  });

  test("fails without the bound that a limit needs", () => {
    const admission = admissionOf({ ofRule: { tokens: { limit: 1 } } });
    expect(() => countedRequest(admission, undefined)).toThrow(RangeError);
  });
});
