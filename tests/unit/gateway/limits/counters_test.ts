import { describe, expect, test } from "bun:test";
import { policyOf } from "../policy/policy_gateway.ts";
import { signed } from "../in_process_gateway.ts";
import { bearing, PATH, ruleFor } from "../tokens/token_gateway.ts";
import { answerTo, limitedGateway } from "./limited_gateway.ts";

const RULE = ruleFor("https://api.example.com/v1/");
const RATE = { count: 60, period: "min", burst: 2 } as const;

describe("a token has", () => {
  test("so many uses, and another token its own", async () => {
    const gateway = limitedGateway();
    const token = gateway.token({ uses: 2 });
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await gateway.ask(token));
    expect(answers.map(({ status, code }) => code ?? status)).toEqual([
      200,
      200,
      "uses_exhausted",
      "uses_exhausted",
    ]);
    expect(gateway.fetched).toHaveLength(2);
    expect((await gateway.ask(gateway.token({ uses: 2 }))).status).toBe(200);
  });

  test("a use less for each try, also for one that fails", async () => {
    const gateway = limitedGateway({}, { answer: () => new Response("no", { status: 500 }) });
    const token = gateway.token({ uses: 1 });
    expect((await gateway.ask(token)).status).toBe(500);
    expect((await gateway.ask(token)).code).toBe("uses_exhausted");
  });

  test("a rate, and tells when to try again", async () => {
    const gateway = limitedGateway();
    const token = gateway.token({ rate: "60/min burst 2" });
    for (let i = 0; i < 2; i++) expect((await gateway.ask(token)).status).toBe(200);
    const { status, code, headers } = await gateway.ask(token);
    expect([status, code]).toEqual([429, "rate_limited"]);
    expect(headers.get("retry-after")).toBe("1");
    expect(headers.get("retry-after-ms")).toBe("1000");
    expect(headers.has("x-should-retry")).toBe(false);
    gateway.clock.now += 1;
    expect((await gateway.ask(token)).status).toBe(200);
    expect((await gateway.ask(token)).code).toBe("rate_limited");
  });

  test("places for exchanges, which are free when these end", async () => {
    const [asked, open] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const answer = async () => {
      asked.resolve();
      await open.promise;
      return new Response("answer");
    };
    const gateway = limitedGateway({}, { answer });
    const token = gateway.token({ concurrent: 1 });
    const first = gateway.ask(token);
    // Two requests at once may be verified in any order.
    await asked.promise;
    const second = await gateway.ask(token);
    expect([second.status, second.code]).toEqual([429, "too_many_concurrent"]);
    expect(Number(second.headers.get("retry-after"))).toBeGreaterThan(0);
    open.resolve();
    expect((await first).status).toBe(200);
    expect((await gateway.ask(token)).status).toBe(200);
  });

  test("bytes, of which no more than there are go out", async () => {
    const gateway = limitedGateway({}, { answer: () => new Response("x".repeat(100)) });
    const token = gateway.token({ bytes: 150 });
    expect((await gateway.ask(token)).status).toBe(200);
    // Of the second body there are 50 bytes left, so it is cut.
    await expect(gateway.ask(token)).rejects.toThrow("the exchange ended early");
    expect((await gateway.ask(token)).code).toBe("bytes_exhausted");
  });

  test("limits of its policies too, of which the smallest counts", async () => {
    const policies = [policyOf("a", { uses: 3, rate: "60/min burst 2" })];
    const gateway = limitedGateway({ tokens: { policies } });
    const token = gateway.token({ uses: 2, rate: "60/min burst 5" });
    const codes = [];
    for (let i = 0; i < 3; i++) codes.push((await gateway.ask(token)).code);
    expect(codes).toEqual([null, null, "uses_exhausted"]);
    const fast = gateway.token({});
    for (let i = 0; i < 2; i++) expect((await gateway.ask(fast)).status).toBe(200);
    expect((await gateway.ask(fast)).code).toBe("rate_limited");
  });
});

describe("the operator's limits hold", () => {
  test("for the whole app, for a rule and for each subject", async () => {
    const gateway = limitedGateway({
      limits: { uses: 4 },
      subjectLimits: { uses: 2 },
      upstreams: [
        { ...RULE, methods: ["GET"], limits: { uses: 3 } },
        { ...RULE, methods: ["POST"] },
      ],
    });
    const ask = (sub: string, method = "GET") =>
      gateway
        .ask(gateway.token({}, { sub }), { method })
        .then(({ code, status }) => code ?? status);
    expect(await ask("ada")).toBe(200);
    expect(await ask("ada")).toBe(200);
    expect(await ask("ada")).toBe("uses_exhausted");
    expect(await ask("bob")).toBe(200);
    expect(await ask("bob")).toBe("uses_exhausted");
    expect(await ask("bob", "POST")).toBe(200);
    expect(await ask("cid", "POST")).toBe("uses_exhausted");
  });

  test("only for a token with a subject, where each has limits", async () => {
    const gateway = limitedGateway({ subjectLimits: { rate: RATE } });
    const { status, code, headers } = await gateway.ask(gateway.token({}));
    expect([status, code]).toEqual([403, "subject_required"]);
    expect(headers.get("x-should-retry")).toBe("false");
    const url = await answerTo(
      gateway,
      signed({ sign: { now: new Date(gateway.clock.now * 1000) } }),
    );
    expect(url.code).toBe("subject_required");
  });

  test("for a token without jti and iat", async () => {
    const gateway = limitedGateway({ limits: { uses: 1 } });
    const token = gateway.token({}, { jti: undefined, iat: undefined });
    expect((await gateway.ask(token)).status).toBe(200);
    expect((await gateway.ask(token)).code).toBe("uses_exhausted");
  });
});

describe("a credential that a policy counts", () => {
  const once = policyOf("once", { uses: 1 });

  test("is a signed URL by its signature", async () => {
    const gateway = limitedGateway({ upstreams: [{ ...RULE, policies: [once] }] });
    const at = (seconds: number) =>
      signed({ sign: { now: new Date((gateway.clock.now + seconds) * 1000) } });
    expect((await answerTo(gateway, at(0))).status).toBe(200);
    const again = await answerTo(gateway, at(0));
    expect([again.status, again.code]).toEqual([403, "uses_exhausted"]);
    expect((await answerTo(gateway, at(1))).status).toBe(200);
    expect(JSON.stringify(gateway.records)).not.toContain("digest");
  });

  test("is no signed URL from before the ledger, and none of the future", async () => {
    const gateway = limitedGateway({ upstreams: [{ ...RULE, policies: [once] }] });
    const codeAt = async (seconds: number) => {
      const now = new Date((gateway.clock.now + seconds) * 1000);
      return (await answerTo(gateway, signed({ sign: { now } }))).code;
    };
    expect(await codeAt(-10)).toBe("token_predates_ledger");
    expect(await codeAt(-8)).toBe("token_predates_ledger");
    expect(await codeAt(-7)).toBeNull();
    expect(await codeAt(3)).toBe("date_in_future");
  });

  test("is a token with jti and iat alone", async () => {
    const gateway = limitedGateway({ tokens: { policies: [once] } });
    for (const claims of [{ jti: undefined }, { iat: undefined }]) {
      const { status, code } = await gateway.ask(gateway.token({}, claims));
      expect([status, code]).toEqual([401, "token_malformed"]);
    }
    expect((await gateway.ask(gateway.token({}))).status).toBe(200);
  });

  test.each([
    [-10, "token_predates_ledger", 401],
    [-8, "token_predates_ledger", 401],
    [-7, null, 200],
    [2, null, 200],
    [3, "token_not_yet_valid", 401],
  ])("is a token that was signed %d s from now: %p", async (seconds, code, status) => {
    const gateway = limitedGateway();
    const iat = gateway.clock.now + seconds;
    const answer = await gateway.ask(gateway.token({ uses: 1 }, { iat }));
    expect([answer.code, answer.status]).toEqual([code, status]);
    if (status === 401) expect(answer.headers.get("www-authenticate")).toContain("invalid_token");
    // What does not count has no birth.
    expect((await gateway.ask(gateway.token({}, { iat }))).status).toBe(200);
  });
});

describe("nothing is taken", () => {
  test("by a request that is refused for another limit", async () => {
    const gateway = limitedGateway({ limits: { rate: RATE } });
    const token = gateway.token({ uses: 5 });
    const codes = [];
    for (let i = 0; i < 4; i++) codes.push((await gateway.ask(token)).code);
    expect(codes).toEqual([null, null, "rate_limited", "rate_limited"]);
    gateway.clock.now += 60;
    for (let i = 0; i < 2; i++) expect((await gateway.ask(token)).status).toBe(200);
    gateway.clock.now += 60;
    expect((await gateway.ask(token)).status).toBe(200);
    expect((await gateway.ask(token)).code).toBe("uses_exhausted");
  });

  test("by a preflight, and where a hook answers", async () => {
    const hooks = { onRequest: () => new Response("hook") };
    const gateway = limitedGateway({}, { hooks });
    const token = gateway.token({ uses: 1 });
    for (let i = 0; i < 3; i++) expect((await gateway.ask(token)).text).toBe("hook");
    const preflight = new Request(`https://edge.example.net${PATH}`, {
      method: "OPTIONS",
      headers: { Origin: "https://a.example", "Access-Control-Request-Method": "GET" },
    });
    expect((await gateway.send(preflight)).status).toBe(204);
  });

  test("by a client that has left before anything is sent", async () => {
    const gone = new AbortController();
    const hooks = { onRequest: () => gone.abort() };
    const gateway = limitedGateway({}, { hooks });
    const token = gateway.token({ uses: 1 });
    await gateway.send(bearing(token, PATH, { signal: gone.signal }));
    expect(gateway.fetched).toEqual([]);
    expect(gateway.records.at(-1)).toMatchObject({ outcome: "client_gone" });
    expect(gateway.errors).toEqual([]);
    const later = limitedGateway();
    expect((await later.ask(later.token({ uses: 1 }))).status).toBe(200);
    expect((await gateway.ask(token)).status).toBe(200);
  });
});
