import { describe, expect, test } from "bun:test";
import { documentationOf } from "../../../../lib/gateway/problem/documentation.ts";
import { GatewayError } from "../../../../lib/gateway/problem/gateway_error.ts";
import { PROBLEMS, type ProblemCode } from "../../../../lib/gateway/problem/problems.ts";
import { problemResponse } from "../../../../lib/gateway/problem/problem_response.ts";
import packageJson from "../../../../package.json";

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** What programs may rely on: a code keeps its status. */
const STATUSES: Record<number, string[]> = {
  400: [
    "signature_missing",
    "parameter_missing",
    "parameter_repeated",
    "parameter_unknown",
    "parameter_malformed",
    "algorithm_unknown",
    "date_malformed",
    "date_in_future",
    "scope_mismatch",
    "expires_malformed",
    "expires_too_long",
    "expired",
    "signed_header_missing",
    "signature_mismatch",
    "target_invalid",
    "body_unexpected",
    "request_malformed",
    "body_malformed",
    "websocket_malformed",
  ],
  401: ["app_unknown", "policy_unknown"],
  403: [
    "target_not_allowed",
    "policy_violation",
    "operation_not_granted",
    "model_not_granted",
    "websocket_not_granted",
    "websocket_not_allowed",
  ],
  405: ["method_not_allowed"],
  413: ["body_too_large"],
  414: ["url_too_long"],
  426: ["websocket_version_unsupported"],
  431: ["headers_too_large"],
  500: ["internal_error"],
  502: ["upstream_unreachable", "upstream_broken", "credential_unavailable"],
  503: ["draining", "keys_unavailable", "policy_bodies_limit"],
  504: ["upstream_timeout"],
};

describe("the status of a problem", () => {
  const table = Object.entries(STATUSES).flatMap(([status, codes]) =>
    codes.map((code) => [code as ProblemCode, Number(status)] as const),
  );
  test.each(table)("%s: %i", (code, status) => {
    expect(PROBLEMS[code]?.status).toBe(status);
  });
});

describe("every problem has a status, a title and a detail", () => {
  test.each(CODES)("%s", (code) => {
    const { status, title, detail } = PROBLEMS[code];
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(title).toMatch(/^[A-Z].*[^.\s]$/);
    expect(detail).toMatch(/^[A-Z].*\.$/);
    expect(detail).not.toMatch(/[—–]|undefined|\$\{/);
  });

  test("no two have the same detail", () => {
    const details = CODES.map((code) => PROBLEMS[code].detail);
    expect(details).toEqual([...new Set(details)]);
  });
});

describe("problemResponse writes a document of RFC 9457", () => {
  test.each(CODES)("%s", async (code) => {
    const { status, title, detail } = PROBLEMS[code];
    const response = problemResponse(code, { requestId: "an-id" });
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("x-sw-problem")).toBe(code);
    const text = await response.text();
    expect(text).toEndWith("}\n");
    const { type, error, ...members } = JSON.parse(text) as Record<string, unknown>;
    expect(members).toEqual({ title, status, detail, code, request_id: "an-id" });
    // What the SDKs of LLM APIs read.
    const errorType = expect.stringMatching(
      /^(invalid_request|authentication|permission|rate_limit|api)_error$/,
    );
    expect(error).toEqual({ type: errorType, code, message: detail, param: null });
    // RFC 9457, section 3.1.1: a URI reference that names the kind of problem.
    expect(URL.canParse(String(type))).toBe(true);
    expect(String(type)).toContain(code);
  });

  test("types are as many as codes", async () => {
    const types = await Promise.all(
      CODES.map(
        async (code) =>
          ((await problemResponse(code, { requestId: "id" }).json()) as { type: string }).type,
      ),
    );
    expect(new Set(types).size).toBe(CODES.length);
  });

  test("members may be added, and none replaced that a program relies on", async () => {
    const response = problemResponse("signature_mismatch", {
      requestId: "an-id",
      extra: { canonical_request: "GET\n/" },
    });
    expect(await response.json()).toMatchObject({
      code: "signature_mismatch",
      canonical_request: "GET\n/",
    });
  });

  test.each([
    ["method_not_allowed", "allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"],
    ["draining", "retry-after", "1"],
    ["keys_unavailable", "retry-after", "5"],
    ["draining", "connection", "close"],
  ] as const)("%s: %s", (code, name, value) => {
    expect(problemResponse(code, { requestId: "an-id" }).headers.get(name)).toBe(value);
  });
});

describe("clients are told whether to try again", () => {
  const final = ["redirect_refused", "credential_refused", "ledger_unavailable"];
  test.each(CODES)("%s", (code) => {
    const { status, headers } = problemResponse(code, { requestId: "an-id" });
    const isWorthIt = (status >= 500 && !final.includes(code)) || [408, 429].includes(status);
    expect(headers.get("x-should-retry")).toBe(isWorthIt ? null : "false");
    // A refusal with 429 brings its own time.
    expect(headers.has("retry-after")).toBe(status === 503 && isWorthIt);
    if (status === 503 && isWorthIt)
      expect(headers.get("retry-after")).toMatch(/^([1-9]|[1-5]\d|60)$/);
  });
});

describe("the documentation of a problem", () => {
  test.each([
    ["https://signway.example", "https://signway.example/errors#expired"],
    ["https://signway.example/docs/", "https://signway.example/docs/errors#expired"],
  ])("at %s", (homepage, url) => {
    expect(documentationOf("expired", homepage)).toBe(url);
  });

  test("is left out while package.json has no homepage", async () => {
    expect(packageJson).not.toHaveProperty("homepage");
    expect(await problemResponse("expired", { requestId: "an-id" }).text()).not.toContain(
      "documentation",
    );
  });
});

test("a GatewayError keeps the code apart from the reason", () => {
  const error = new GatewayError("upstream_broken", "ECONNRESET");
  expect(error).toMatchObject({
    name: "GatewayError",
    code: "upstream_broken",
    message: "ECONNRESET",
  });
  expect(new GatewayError("draining").message).toBe("draining");
});
