import { describe, expect, test } from "bun:test";
import { formatJson } from "../../../../../lib/signing/verify.ts";
import { mcpMessageId } from "../../../../../lib/gateway/policy/guard/mcp_message_id.ts";
import { entryIn, guarded, refusal, type TestRequest, toJson } from "./guarded.ts";

const TOOLS = { tools: [["search", "read_*"]] };

const post = (body: unknown, headers: Record<string, string> = {}): TestRequest => ({
  provider: "mcp",
  path: "/mcp",
  rulePath: "/mcp",
  headers,
  body,
});
const request = (method: string, params?: object) => ({ jsonrpc: "2.0", id: 1, method, params });
const call = (name: unknown, more: object = {}) =>
  request("tools/call", { name, arguments: {}, ...more });

describe("a message to an MCP server", () => {
  test.each([
    request("initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "x" },
    }),
    request("server/discover", {
      _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" },
    }),
    request("ping"),
    request("logging/setLevel", { level: "debug" }),
    request("tools/list"),
    request("tools/list", { cursor: "x" }),
    call("search"),
    call("read_file"),
    call("read_"),
    call("search", { _meta: { progressToken: 1 } }),
    { jsonrpc: "2.0", method: "notifications/initialized" },
    { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } },
    { jsonrpc: "2.0", id: 7, result: {} },
    { jsonrpc: "2.0", id: 7, error: { code: -1, message: "no" } },
  ])("passes: %j", (message) => {
    const { body, edits } = guarded(post(message), TOOLS);
    expect(formatJson(body!)).toBe(formatJson(toJson(message)));
    expect(edits).toEqual([]);
  });

  test.each<[message: unknown, param: string, entry?: string]>([
    [[request("ping")], ""],
    [[], ""],
    ["null", ""],
    ["1", ""],
    [{ id: 1, method: "ping" }, "jsonrpc"],
    [{ jsonrpc: "2.1", id: 1, method: "ping" }, "jsonrpc"],
    [{ ...request("ping"), extra: 1 }, "extra"],
    [{ ...request("ping"), result: {} }, "result"],
    [request("resources/list"), "method", "mcp:resources"],
    [request("resources/read", { uri: "file:///a" }), "method", "mcp:resources"],
    [request("prompts/get", { name: "x" }), "method", "mcp:prompts"],
    [request("completion/complete", {}), "method", "mcp:completion"],
    [request("sampling/createMessage", {}), "method", "mcp:sampling"],
    [request("subscriptions/listen", {}), "method", "mcp:subscriptions"],
    [request("tasks/result", { taskId: "1" }), "method", "mcp:tasks"],
    [request("tools/other", {}), "method", "mcp:tools/other"],
    [request("Tools/call", { name: "search" }), "method", "mcp:Tools"],
    [request("tools/call ", { name: "search" }), "method"],
    [request("notifications", {}), "method", "mcp:notifications"],
    [{ jsonrpc: "2.0", id: 1, method: 1 }, "method"],
    [{ jsonrpc: "2.0", id: 1, method: null }, "method"],
    [call("delete"), "params.name"],
    [call("searchx"), "params.name"],
    [call("Search"), "params.name"],
    [call(null), "params.name"],
    [call(["search"]), "params.name"],
    [call(undefined), "params.name"],
    [request("tools/call"), "params"],
    [request("tools/call", ["search"]), "params"],
    [call("search", { task: { ttl: 1 } }), "params.task", "mcp:tasks"],
    [call("search", { inputResponses: {} }), "params.inputResponses", "mcp:sampling"],
    [call("search", { requestState: "x" }), "params.requestState", "mcp:sampling"],
    [call("search", { server: "x" }), "params.server", "field:params.server"],
    [{ jsonrpc: "2.0", id: 7, result: { content: {} } }, "result", "mcp:sampling"],
    [{ jsonrpc: "2.0", id: 7, result: [] }, "result", "mcp:sampling"],
  ])("is refused: %j", (message, param, ...[entry]) => {
    const body = typeof message === "string" ? message : JSON.stringify(message);
    const error = refusal(post(body), TOOLS)!;
    expect(error).toMatchObject({ code: "policy_violation", param });
    expect(entryIn(error)).toBe(entry);
    const allow = new Set(entry === undefined ? [] : [entry]);
    expect(refusal(post(body), { ...TOOLS, allow }) === undefined).toBe(entry !== undefined);
  });

  test("needs its tool in each list", () => {
    const tools = [["search", "read_*"], ["search"]];
    expect(refusal(post(call("search")), { tools })).toBeUndefined();
    expect(refusal(post(call("read_file")), { tools })?.detail).toContain("Granted: search.");
    expect(refusal(post(call("anything")))).toBeUndefined();
    expect(refusal(post(call("search")), { tools: [[]] })?.detail).toContain("Granted: none.");
  });
});

describe("the headers of a message", () => {
  const name = (value: string) => ({ "mcp-name": value });
  const base64 = (text: string) => `=?base64?${Buffer.from(text).toString("base64")}?=`;

  test.each<[object, Record<string, string>]>([
    [call("search"), { "mcp-method": "tools/call", ...name("search") }],
    [call("search"), name(base64("search"))],
    [call("read_ü"), name(base64("read_ü"))],
    [request("tools/list"), { "mcp-method": "tools/list" }],
  ])("agree: %j %j", (message, headers) => {
    expect(refusal(post(message, headers), TOOLS)).toBeUndefined();
  });

  test.each<[object, Record<string, string>, string]>([
    [call("search"), { "mcp-method": "tools/list" }, "Mcp-Method"],
    [call("search"), { "mcp-method": "tools/Call" }, "Mcp-Method"],
    [call("search"), name("delete"), "Mcp-Name"],
    [call("search"), name("search, delete"), "Mcp-Name"],
    [call("search"), name(base64("delete")), "Mcp-Name"],
    [call("search"), name("=?base64?!!?="), "Mcp-Name"],
    [call("search"), name("=?base64?/w==?="), "Mcp-Name"],
    [request("tools/list"), name("search"), "Mcp-Name"],
    [request("ping"), name(""), "Mcp-Name"],
  ])("do not: %j %j", (message, headers, param) => {
    expect(refusal(post(message, headers), TOOLS)).toMatchObject({
      code: "policy_violation",
      param,
    });
  });

  test("are forwarded", () => {
    const { isForwardedHeader } = guarded(post(request("tools/list")), TOOLS);
    const forwarded = [
      "mcp-session-id",
      "mcp-protocol-version",
      "mcp-method",
      "mcp-name",
      "mcp-param-city",
    ];
    expect(
      [...forwarded, "last-event-id", "accept"].filter((header) => !isForwardedHeader(header)),
    ).toEqual([]);
    const removed = ["authorization", "x-api-key", "mcp", "mcp-other", "accept-encoding", "range"];
    expect(removed.filter(isForwardedHeader)).toEqual([]);
  });
});

describe("a request to an MCP server", () => {
  const stream = { accept: "text/event-stream" };
  const get = { provider: "mcp", path: "/mcp", rulePath: "/mcp", headers: stream } as const;

  test.each<TestRequest>([
    get,
    { ...get, headers: { accept: "application/json, text/event-stream", "last-event-id": "1" } },
    { ...get, method: "DELETE", headers: { "mcp-session-id": "1" } },
    { ...get, path: "/", rulePath: "/" },
    { ...get, path: "/mcp", rulePath: "/" },
    { ...get, path: "/x/mcp", rulePath: "/x" },
    { ...get, path: "/x/", rulePath: "/x/" },
    { ...get, path: "/mcp?" },
  ])("passes: %j", (input) => expect(refusal(input, TOOLS)).toBeUndefined());

  test.each<[TestRequest, string]>([
    [{ ...get, headers: {} }, "operation_not_granted"],
    [{ ...get, headers: { accept: "text/html" } }, "operation_not_granted"],
    [{ ...get, method: "DELETE" }, "operation_not_granted"],
    [{ ...get, method: "PUT" }, "operation_not_granted"],
    [{ ...get, method: "HEAD" }, "operation_not_granted"],
    [{ ...get, path: "/mcp/" }, "operation_not_granted"],
    [{ ...get, path: "/mcp/admin" }, "operation_not_granted"],
    [{ ...get, path: "/MCP" }, "operation_not_granted"],
    [{ ...get, path: "/" }, "operation_not_granted"],
    [{ ...get, path: "/export", rulePath: "/" }, "operation_not_granted"],
    [{ ...get, path: "/%6dcp" }, "operation_not_granted"],
    [{ ...get, path: "/mcp?x=1" }, "policy_violation"],
    [{ ...get, method: "POST" }, "policy_violation"],
    [{ ...get, method: "GET", body: {} }, "policy_violation"],
  ])("is refused: %j: %s", (input, code) => {
    expect(refusal(input, TOOLS)?.code as string).toBe(code);
  });
});

describe("the answer of an MCP server", () => {
  const editOf = (input: TestRequest, rules: object = TOOLS) => guarded(input, rules).response;
  const list = {
    jsonrpc: "2.0",
    id: 1,
    result: {
      tools: [{ name: "search" }, { name: "delete" }, { name: "read_a" }, {}, 1],
      nextCursor: "x",
    },
  };
  const granted = {
    ...list,
    result: { tools: [{ name: "search" }, { name: "read_a" }], nextCursor: "x" },
  };

  test.each<[unknown, unknown]>([
    [list, granted],
    [
      [list, { jsonrpc: "2.0", id: 2, result: {} }],
      [granted, { jsonrpc: "2.0", id: 2, result: {} }],
    ],
    [
      { ...list, result: { tools: { delete: {} } } },
      { ...list, result: { tools: [] } },
    ],
    [
      { jsonrpc: "2.0", id: 1, error: { code: 1 } },
      { jsonrpc: "2.0", id: 1, error: { code: 1 } },
    ],
  ])("has only granted tools: %j", (answer, expected) => {
    for (const input of [
      post(request("tools/list")),
      {
        provider: "mcp",
        path: "/mcp",
        rulePath: "/mcp",
        headers: { accept: "text/event-stream" },
      } as const,
    ]) {
      const { edit, marker } = editOf(input)!;
      expect(formatJson(edit(toJson(answer))!)).toBe(formatJson(toJson(expected)));
      expect(marker).toBe("tools");
    }
  });

  test("is not read where it has no list of tools, or all are granted", () => {
    expect(editOf(post(call("search")))).toBeUndefined();
    expect(editOf(post(request("tools/list")), {})).toBeUndefined();
  });
});

test.each<[unknown, string | number | null]>([
  [call("delete"), 1],
  ['{"jsonrpc":"2.0","id":1.0,"method":"x"}', 1],
  [{ id: "a" }, "a"],
  [{ id: null }, null],
  [{ id: { a: 1 } }, null],
  ["[]", null],
  [{ id: "x".repeat(128) }, "x".repeat(128)],
  [{ id: "x".repeat(129) }, null],
])("a refusal of %j has its id", (message, id) => {
  const body = typeof message === "string" ? message : JSON.stringify(message);
  expect(mcpMessageId(toJson(body))).toBe(id);
});
