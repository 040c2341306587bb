import { describe, expect, test } from "bun:test";
import type { UpstreamRule } from "../../../../lib/gateway/model/rule.ts";
import { PROBLEMS, type ProblemCode } from "../../../../lib/gateway/problem/problems.ts";
import { problemResponse } from "../../../../lib/gateway/problem/problem_response.ts";
import { problemIn } from "../in_process_gateway.ts";
import { appWith, bearing, gatewayOf, minted, NOW, ruleFor } from "./token_gateway.ts";

describe("the error of a refusal is Google's", () => {
  const google = ruleFor("https://generativelanguage.googleapis.com/");
  const proxy: UpstreamRule = { ...ruleFor("https://proxy.example/"), provider: "google" };
  const openai = ruleFor("https://api.openai.com/");
  const expired = minted({ claims: { exp: NOW } });

  test.each([
    ["by host", [openai, google], "/generativelanguage.googleapis.com/v1/models/m"],
    ["by the rule", [openai, proxy], "/proxy.example/v1beta/models/m"],
    ["for the only API of the app", [google], "/v1beta/models/m"],
  ])("%s", async (_, upstreams, path) => {
    const response = await gatewayOf([appWith({ upstreams })]).send(bearing(expired, path));
    const { detail } = PROBLEMS.token_expired;
    expect(await problemIn(response)).toMatchObject({
      type: "urn:signway:problem:token_expired",
      code: "token_expired",
      error: {
        code: 401,
        status: "UNAUTHENTICATED",
        message: detail,
        details: [{ reason: "token_expired" }],
      },
    });
  });

  test.each<[code: ProblemCode, status: string]>([
    ["request_malformed", "INVALID_ARGUMENT"],
    ["target_not_granted", "PERMISSION_DENIED"],
    ["route_unknown", "NOT_FOUND"],
    ["internal_error", "INTERNAL"],
    ["credential_refused", "UNAVAILABLE"],
    ["upstream_timeout", "DEADLINE_EXCEEDED"],
  ])("%s is %s", async (code, status) => {
    const response = problemResponse(code, { requestId: "a", isForGoogle: true });
    const number = PROBLEMS[code].status;
    expect(await response.json()).toMatchObject({ code, error: { code: number, status } });
  });

  test("not for another host", async () => {
    const upstreams = [openai, google];
    const request = bearing(expired, "/api.openai.com/v1");
    const response = await gatewayOf([appWith({ upstreams })]).send(request);
    expect(await problemIn(response)).toMatchObject({ error: { code: "token_expired" } });
  });
});
