import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { granting } from "../../support/minted.ts";
import { node, type Stage, startStage } from "./stage.ts";

/** The headers of all versions of MCP: https://modelcontextprotocol.io/specification */
const HEADERS = {
  "Mcp-Session-Id": "1868a90c-2a6e-4ea4-9f0a-f6ac5a2b1a5d",
  "Mcp-Protocol-Version": "2026-07-28",
  "Mcp-Method": "tools/call",
  "Mcp-Name": "=?base64?R3LDvMOfZQ==?=",
  "Mcp-Param-City": "Berlin",
  "Last-Event-ID": "42",
};
const NAMES = Object.keys(HEADERS);
const ORIGIN = "https://app.example.com";

// Pages at their defaults are tried in Chromium, by the conversations.
const CORS = {
  allow_origins: [ORIGIN],
  allow_headers: ["Authorization", ...NAMES],
  expose_headers: NAMES,
};

describe.skipIf("reason" in node)("the headers of MCP pass, and pages may use them", () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await startStage({ cors: CORS })), 60_000);
  afterAll(() => stage[Symbol.asyncDispose]());

  test.each(["Authorization", "the URL"])("with the token in %s", async (slot) => {
    const token = granting({ to: [`${stage.server}/echo`] });
    const isInUrl = slot === "the URL";
    const url = stage.at("/echo", isInUrl ? token : undefined);
    const asked = [...NAMES, ...(isInUrl ? [] : [slot])].join(",").toLowerCase();
    const preflight = await fetch(url, {
      method: "OPTIONS",
      headers: {
        Origin: ORIGIN,
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": asked,
      },
    });
    const granted = preflight.headers.get("access-control-allow-headers")?.toLowerCase();
    expect(granted?.split(", ")).toEqual(expect.arrayContaining(asked.split(",")));
    expect(preflight.headers.get("access-control-allow-methods")).toContain("DELETE");
    expect(preflight.headers.get("access-control-allow-origin")).toBe(ORIGIN);

    const authorization = isInUrl ? {} : { Authorization: `Bearer ${token}` };
    const headers = { ...HEADERS, ...authorization, Origin: ORIGIN };
    const response = await fetch(url, { method: "POST", headers });
    const passed = NAMES.map((name) => [name, response.headers.get(name)]);
    expect(Object.fromEntries(passed)).toEqual(HEADERS);
    expect(response.headers.get("access-control-allow-origin")).toBe(ORIGIN);
    const exposed = response.headers.get("access-control-expose-headers");
    expect(exposed?.split(", ")).toEqual(expect.arrayContaining(NAMES));
  });
});
