import { describe, expect, test } from "bun:test";
import { OPERATIONS, VERSIONS } from "../../../../../lib/gateway/providers/operations.ts";
import { guarded, refusal, type TestRequest } from "./guarded.ts";
import { TABLES } from "./requests/tables.ts";

const PROVIDERS = ["openai", "azure", "anthropic", "google", "vertex"] as const;

const MODEL = "gpt-5.1_x";

const ALL = PROVIDERS.flatMap((provider) =>
  OPERATIONS[provider].map(({ name, method, path }) => ({
    provider,
    method,
    path: path.replace("{model}", MODEL),
    body: bodyOf(name),
  })),
);

/** The smallest body of an operation. One of Gemini names the model of the path. */
function bodyOf(name: string): unknown {
  const minimal = TABLES.find(({ operation }) => operation === name)?.minimal;
  return minimal && JSON.parse(JSON.stringify(minimal).replaceAll("gemini-3-flash", MODEL));
}

describe("an operation", () => {
  test.each(ALL)("is granted: $provider $method $path", ({ path, ...request }) => {
    for (const version of VERSIONS) {
      expect(refusal({ ...request, path: `${version}${path}` })).toBeUndefined();
      for (const rulePath of ["/", "/llm", "/llm/", "/v1"]) {
        const base = rulePath.replace(/\/$/, "");
        expect(refusal({ ...request, rulePath, path: `${base}${version}${path}` })).toBeUndefined();
      }
    }
  });

  test.each(ALL)("is in no other place: $provider $method $path", ({ path, ...request }) => {
    const wrong = [
      ...[`/v2${path}`, `/v1/x${path}`, `/v1beta1${path}`, `/V1${path}`, `/v1/v1beta${path}`],
      ...[
        `/v1/${path}`,
        `/v1${path}/`,
        `/v1${path}%20`,
        `/v1${path};a=1`,
        `/v1${path}:x`,
        `/v1/%2f${path}`,
      ],
      ...[`/v1${path.slice(0, 1)}%6${path.slice(2)}`, `/v1${path.toUpperCase()}`, `/v1${path}x/y`],
      ...[`/openai${path}`, `/api${path}`, "/", "/v1"],
    ];
    const isAlsoAzure = request.provider === "azure" && path === "/responses";
    for (const other of wrong) {
      if (isAlsoAzure && other === "/openai/responses") continue;
      expect([other, refusal({ ...request, path: other })?.code]).toEqual([
        other,
        "operation_not_granted",
      ]);
    }
    const outside = { ...request, rulePath: "/llm", path: `/v1${path}` };
    expect(refusal(outside)?.code).toBe("operation_not_granted");
  });

  test.each(ALL)("has one method: $provider $method $path", ({ method, path, ...request }) => {
    const others = ["GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"];
    for (const other of others.filter((name) => name !== method)) {
      const error = refusal({ ...request, path: `/v1${path}`, method: other });
      // A model can be asked for and deleted at the same path, and is only asked for.
      expect([other, error?.code]).toEqual([other, "operation_not_granted"]);
    }
  });

  test.each([
    "/openai/deployments/gpt-5/chat/completions",
    "/openai/responses",
    "/openai/v1/chat/completions",
  ])("of Azure is granted under a rule for /openai/: %s", (path) => {
    const name = path.includes("responses") ? "OpenAI responses" : "OpenAI chat";
    const { minimal } = TABLES.find(({ operation }) => operation === name)!;
    for (const rulePath of ["/openai", "/openai/"]) {
      expect(refusal({ provider: "azure", path, rulePath, body: minimal })).toBeUndefined();
      expect(refusal({ provider: "openai", path, rulePath, body: minimal }) === undefined).toBe(
        path.includes("/v1/") || path === "/openai/responses",
      );
    }
  });

  test.each<TestRequest>([
    { provider: "openai", path: "/v1/responses/resp_1" },
    { provider: "openai", path: "/v1/responses/resp_1", method: "DELETE" },
    { provider: "openai", path: "/v1/responses/resp_1/input_items" },
    { provider: "openai", path: "/v1/chat/completions" },
    { provider: "openai", path: "/v1/files" },
    { provider: "openai", path: "/v1/models/gpt-5", method: "DELETE" },
    { provider: "openai", path: "/v1/models/ft:gpt-5:org" },
    { provider: "openai", path: "/v1/models/..", method: "GET" },
    { provider: "openai", path: "/v1/responses/compact", body: {} },
    { provider: "openai", path: "/v1/messages", body: {} },
    { provider: "openai", path: "/openai/deployments/gpt-5/chat/completions", body: {} },
    { provider: "azure", path: "/openai/deployments/gpt%2d5/chat/completions", body: {} },
    { provider: "azure", path: "/openai/deployments/a/b/chat/completions", body: {} },
    { provider: "azure", path: "/openai/deployments//chat/completions", body: {} },
    { provider: "azure", path: "/deployments/gpt-5/chat/completions", body: {} },
    { provider: "anthropic", path: "/v1/messages/batches", body: {} },
    { provider: "anthropic", path: "/v1/complete", body: {} },
    { provider: "google", path: "/v1beta/models/gemini-3:batchGenerateContent", body: {} },
    { provider: "google", path: "/v1beta/models/gemini-3:generateContentx", body: {} },
    { provider: "google", path: "/v1beta/tunedModels/x:generateContent", body: {} },
    { provider: "google", path: "/v1beta/models/a:b:generateContent", body: {} },
    { provider: "google", path: "/v1beta/cachedContents" },
    { provider: "google", path: "/v1beta/files/1" },
    { provider: undefined, path: "/v1/chat/completions", body: {} },
  ])("is none: %j", (request) => {
    const error = refusal(request);
    expect(error?.code).toBe("operation_not_granted");
    // A client cannot correct what the operator has not set.
    const advice = request.provider ? "Check the method and the path." : "set provider in the rule";
    expect(error!.detail).toContain(advice);
    expect(error!.detail.includes("Check")).toBe(request.provider !== undefined);
  });

  test.each([["text"], [1], [null], [[]], [["x"]], [true]])("takes no body of %j", (body) => {
    const request = {
      provider: "openai",
      path: "/v1/responses",
      body: JSON.stringify(body),
    } as const;
    expect(refusal(request)).toMatchObject({ code: "policy_violation", param: "" });
  });

  test("takes a body where it has one, and only there", () => {
    const post = { provider: "openai", path: "/v1/responses", method: "POST" } as const;
    expect(refusal(post)?.code).toBe("policy_violation");
    const get = { provider: "openai", path: "/v1/models", method: "GET", body: {} } as const;
    expect(refusal(get)?.code).toBe("policy_violation");
    expect(guarded({ provider: "openai", path: "/v1/models" }).body).toBeUndefined();
  });
});
