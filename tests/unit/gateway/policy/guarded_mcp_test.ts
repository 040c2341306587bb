import { describe, expect, test } from "bun:test";
import type { UpstreamRule } from "../../../../lib/gateway/model/rule.ts";
import type { UnderTestOptions } from "../in_process_gateway.ts";
import { bearing, grants } from "../tokens/token_gateway.ts";
import { exchange, guardedGateway, request } from "./guarded_gateway.ts";

describe("a request to an MCP server", () => {
  const rule: Partial<UpstreamRule> = { url: new URL("https://mcp.example/mcp"), provider: "mcp" };
  const call = (name: string, id: unknown = 7) => ({
    jsonrpc: "2.0",
    ...(id !== undefined && { id }),
    method: "tools/call",
    params: { name, arguments: {} },
  });
  const send = (sw: object, body: unknown, options: UnderTestOptions = {}) =>
    exchange(guardedGateway({ rule, options }), request(sw, "/mcp.example/mcp", body));

  test("of a granted tool is forwarded", async () => {
    const { status, sent } = await send({ tools: ["search", "read_*"] }, call("read_file"));
    expect([status, sent]).toEqual([200, call("read_file")]);
  });

  test.each<[id: unknown, body: unknown]>([
    [7, call("write_file")],
    ["a", call("write_file", "a")],
    [null, call("write_file", { a: 1 })],
    [null, [call("search")]],
    [null, call("write_file", "x".repeat(129))],
    [1.5, { ...call("search", 1.5), method: "resources/read" }],
  ])("is refused as a JSON-RPC error with the id %p", async (id, body) => {
    const { status, headers, text, code } = await send({ tools: ["search"] }, body);
    expect([status, code]).toEqual([403, "policy_violation"]);
    expect(headers.get("content-type")).toBe("application/json");
    expect(JSON.parse(text)).toMatchObject({
      jsonrpc: "2.0",
      id,
      error: {
        code: expect.any(Number),
        message: expect.any(String),
        data: { code: "policy_violation" },
      },
    });
  });

  test("that is malformed is one too", async () => {
    const body = '{"jsonrpc":"2.0","id":1,"id":2}';
    const gateway = guardedGateway({ rule });
    const token = grants({ tools: ["search"] });
    const headers = { "content-type": "application/json" };
    const { status, text } = await exchange(
      gateway,
      bearing(token, "/mcp.example/mcp", { method: "POST", body, headers }),
    );
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({
      id: null,
      error: { data: { code: "body_malformed" } },
    });
  });

  test("for the list of tools gets the granted ones", async () => {
    const tools = ["search", "write"].map((name) => ({ name, inputSchema: {} }));
    const result = { jsonrpc: "2.0", id: 1, result: { tools } };
    const events = `event: message\ndata: ${JSON.stringify(result)}\n\n`;
    const types = { "application/json": JSON.stringify(result), "text/event-stream": events };
    for (const [type, body] of Object.entries(types)) {
      const answer = () => new Response(body, { headers: { "content-type": type } });
      const { text } = await send(
        { tools: ["search"] },
        { jsonrpc: "2.0", id: 1, method: "tools/list" },
        { answer },
      );
      expect(text).toContain('"search"');
      expect(text).not.toContain('"write"');
    }
  });
});
